//! Our own line pictures on a 20 px grid.

/// What is inside the picture of a name; a dot for a name that has none. A function and not a template's choice, since
/// a template repeats itself wherever it is used.
pub fn picture(name: &str) -> &'static str {
    match name {
        "today" => {
            r#"<circle cx="10" cy="10" r="3.5"/><path d="M10 2.5v1.7M10 15.8v1.7M2.5 10h1.7M15.8 10h1.7M4.7 4.7l1.2 1.2M14.1 14.1l1.2 1.2M4.7 15.3l1.2-1.2M14.1 5.9l1.2-1.2"/>"#
        }
        "deals" => r#"<circle cx="7.5" cy="10" r="5"/><circle cx="12.5" cy="10" r="5"/>"#,
        "companies" => {
            r#"<path d="M3.5 17V4.5a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1V17M11.5 8h4a1 1 0 0 1 1 1v8M2.5 17h15M6 7h3M6 10h3M6 13h3"/>"#
        }
        "contacts" => {
            r#"<circle cx="10" cy="6.5" r="3.2"/><path d="M3.8 17c.5-3.6 3-5.6 6.2-5.6s5.7 2 6.2 5.6"/>"#
        }
        "products" => {
            r#"<path d="M10 2.800l6.5 3.500v7.400L10 17.200l-6.5-3.500V6.300zM3.7 6.400L10 9.800l6.3-3.400M10 9.800v7.2"/>"#
        }
        "bell" => {
            r#"<path d="M10 3a4.800 4.800 0 0 0-4.800 4.800c0 4-1.7 5.200-1.7 5.200h13s-1.7-1.200-1.7-5.200A4.800 4.800 0 0 0 10 3zM8.4 15.500a1.700 1.700 0 0 0 3.200 0"/>"#
        }
        "tasks" => r#"<circle cx="10" cy="10" r="7"/><path d="M6.8 10.200l2.2 2.2 4.2-4.6"/>"#,
        "insights" => r#"<path d="M3.5 16.500h13M5.5 13.500V9M10 13.500V4M14.5 13.500V7"/>"#,
        "import" => {
            r#"<path d="M10 3v9M6.5 8.800L10 12.200l3.5-3.400M3.5 13v2.500a1.5 1.5 0 0 0 1.5 1.500h10a1.5 1.5 0 0 0 1.5-1.500V13"/>"#
        }
        "export" => {
            r#"<path d="M10 12.500V3.500M6.5 6.700L10 3.300l3.5 3.400M3.5 13v2.500a1.5 1.5 0 0 0 1.5 1.500h10a1.5 1.5 0 0 0 1.5-1.500V13"/>"#
        }
        "settings" => {
            r#"<path d="M3 6h7M14 6h3M3 14h3M10 14h7"/><circle cx="12" cy="6" r="2"/><circle cx="8" cy="14" r="2"/>"#
        }
        "more" => r#"<path d="M4 6h12M4 10h12M4 14h12"/>"#,
        "search" => r#"<circle cx="9" cy="9" r="5.5"/><path d="M13.2 13.200L17 17"/>"#,
        "plus" => r#"<path d="M10 4v12M4 10h12"/>"#,
        "check" => r#"<path d="M4 10.500l4 4 8-9"/>"#,
        "close" => r#"<path d="M5 5l10 10M15 5L5 15"/>"#,
        "alert" => r#"<circle cx="10" cy="10" r="7.2"/><path d="M10 6v5M10 13.700v.1"/>"#,
        "note" => r#"<circle cx="10" cy="10" r="7.2"/><path d="M10 9.200v4.800M10 6.300v.1"/>"#,
        "question" => r#"<path d="M7 7.500a3 3 0 1 1 4.6 2.500c-1 .6-1.6 1.1-1.6 2.300M10 15.500v.1"/>"#,
        "ahead" => r#"<path d="M3.5 10h13M11.5 5l5 5-5 5"/>"#,
        "balance" => r#"<path d="M3 7h12M12 4l3 3-3 3M17 13H5M8 10l-3 3 3 3"/>"#,
        "leave" => r#"<path d="M8 3.500H4.500v13H8M8.5 10h8M13 6.500l3.5 3.5-3.5 3.5"/>"#,
        "handle" => r#"<path d="M7.5 5v.1M12.5 5v.1M7.5 10v.1M12.5 10v.1M7.5 15v.1M12.5 15v.1"/>"#,
        "dots" => r#"<path d="M4.5 10v.1M10 10v.1M15.5 10v.1"/>"#,
        "left" => r#"<path d="M12 4.500L6.5 10l5.5 5.5"/>"#,
        "right" => r#"<path d="M8 4.500l5.5 5.500L8 15.5"/>"#,
        "up" => r#"<path d="M4.5 12.5L10 7l5.500 5.5"/>"#,
        "down" => r#"<path d="M4.5 8l5.5 5.500L15.5 8"/>"#,
        "edit" => {
            r#"<path d="M4 16l.8-3.600L13 4.200a1.5 1.5 0 0 1 2.1 0l.7.7a1.5 1.5 0 0 1 0 2.100l-8.2 8.200z"/>"#
        }
        "trash" => r#"<path d="M4 6h12M8 6V4h4v2M5.5 6l.8 10.500h7.400L14.5 6"/>"#,
        "undo" => r#"<path d="M7 5L3.5 8.5 7 12M3.5 8.500h8a4.5 4.5 0 0 1 0 9H9"/>"#,
        "call" => {
            r#"<path d="M5 3.500h2.500l1.2 3.3-1.7 1.400a9 9 0 0 0 4.8 4.800l1.4-1.7 3.3 1.200V15a1.5 1.5 0 0 1-1.6 1.500A12.5 12.5 0 0 1 3.5 5.1 1.5 1.5 0 0 1 5 3.500z"/>"#
        }
        "mail" => {
            r#"<rect x="2.8" y="4.5" width="14.4" height="11" rx="1.5"/><path d="M3.2 5.500L10 10.800l6.8-5.3"/>"#
        }
        "meeting" => {
            r#"<rect x="3" y="4.5" width="14" height="12" rx="1.5"/><path d="M3 8.500h14M7 2.800v3M13 2.800v3"/>"#
        }
        "clock" => r#"<circle cx="10" cy="10" r="7"/><path d="M10 6v4.200l2.8 1.6"/>"#,
        "file" => r#"<path d="M5 2.800h6l4 4v10.400H5zM11 2.800v4h4"/>"#,
        "filter" => r#"<path d="M3.5 5h13M6 10h8M8.5 15h3"/>"#,
        "theme" => {
            r#"<circle cx="10" cy="10" r="7"/><path d="M10 3v14a7 7 0 0 0 0-14z" fill="currentColor"/>"#
        }
        "person" => {
            r#"<circle cx="10" cy="6.5" r="3.2"/><path d="M3.8 17c.5-3.6 3-5.6 6.2-5.600s5.7 2 6.2 5.6"/>"#
        }
        _ => r#"<circle cx="10" cy="10" r="2"/>"#,
    }
}
