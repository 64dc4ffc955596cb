//! Small files of every ugliness, made here.

use super::*;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::Write as _;

/// Rows with their lines and refusals with theirs, of one table or of the refusal of a whole file.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
    refused: Vec<(Option<u64>, String)>,
}

fn table_of(gathered: &Gathered) -> &Table {
    assert_eq!(gathered.tables.len(), 1, "one table expected: {gathered:?}");
    &gathered.tables[0]
}

fn seen(table: &Table) -> Seen {
    let mut seen = Seen { header: table.header.clone(), ..Seen::default() };
    let read = table.visit(|line| {
        match line {
            Line::Row(row) => {
                let cells = (0..table.header.len()).map(|index| row.cells.get(index).into_owned()).collect();
                seen.rows.push((row.line, cells));
            }
            Line::Refused(refusal, _) => seen.refused.push((refusal.line, refusal.reason)),
        }
        ControlFlow::Continue(())
    });
    if let Err(refusal) = read {
        seen.refused.push((refusal.line, refusal.reason));
    }
    seen
}

fn read(bytes: impl AsRef<[u8]>) -> Seen {
    seen(table_of(&gather(&[Upload::bytes("file.csv", bytes.as_ref())])))
}

fn refused(bytes: &[u8]) -> String {
    let gathered = gather(&[Upload::bytes("file.csv", bytes)]);
    assert!(gathered.tables.is_empty());
    gathered.refusals[0].reason.clone()
}

fn rows(rows: &[(u64, &[&str])]) -> Vec<(u64, Vec<String>)> {
    rows.iter().map(|(line, cells)| (*line, cells.iter().map(|cell| (*cell).to_owned()).collect())).collect()
}

#[test]
fn every_row_knows_its_line_as_a_person_counts_it() {
    let seen = read("name,note\nAcme,\"two\nlines\"\n\nBeta,one\r\nGamma,\"a \"\"word\"\"\"");
    assert_eq!(seen.header, ["name", "note"]);
    assert_eq!(
        seen.rows,
        rows(&[(2, &["Acme", "two\nlines"]), (5, &["Beta", "one"]), (6, &["Gamma", "a \"word\""])])
    );
    assert_eq!(seen.refused, []);
}

#[test]
fn the_delimiter_is_found_even_among_decimal_commas() {
    for (text, delimiter) in [
        ("a;b;c\nx;1,5;2,5\ny;2,5;3,5\n", ';'),
        ("a\tb\nx, y\tz, w\nx, y\tz, w\n", '\t'),
        ("a|b\n1|2\n", '|'),
        ("a,b\n1,2\n", ','),
        ("sep=;\na;b\n1,0;2\n", ';'),
        ("only\none\ntwo, three\n", ','),
    ] {
        let gathered = gather(&[Upload::bytes("f.csv", text.as_bytes())]);
        assert_eq!(table_of(&gathered).written_in().unwrap().0, delimiter, "{text}");
    }
    let hinted = read("sep=;\na;b\n1,0;2\n");
    assert_eq!(hinted.rows, rows(&[(3, &["1,0", "2"])]));
}

#[test]
fn every_usual_encoding_is_read() {
    let text = "Name;Stadt;Notiz\nMüller & Söhne;Köln;größer – „ja“ für 5 €\nČeské dráhy;Łódź;Århus\n";
    let german = "Name;Stadt;Notiz\nMüller & Söhne;Köln;größer – für 5 €\nJäger;Düsseldorf;Straße\n";
    let cyrillic =
        "Имя;Город;Заметка\nИванов и сыновья;Москва;позвонить завтра утром\nПетров;Тверь;встреча\n";
    let polish = "Nazwa;Miasto;Uwagi\nŻółć i Gęśl;Łódź;świeże źródło, ćma\nKośćwiński;Gdańsk;jaźń\n";
    let utf16 = |text: &str, big: bool, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xFEFF_u16).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let legacy = |text: &str, encoding: &'static encoding_rs::Encoding| encoding.encode(text).0.into_owned();
    let mut marked = vec![0xEF, 0xBB, 0xBF];
    marked.extend_from_slice(text.as_bytes());
    let cases: Vec<(&str, Vec<u8>)> = vec![
        (text, text.as_bytes().to_vec()),
        (text, marked),
        (text, utf16(text, false, true)),
        (text, utf16(text, true, true)),
        (german, utf16(german, false, false)),
        (german, utf16(german, true, false)),
        (german, legacy(german, encoding_rs::WINDOWS_1252)),
        (cyrillic, legacy(cyrillic, encoding_rs::WINDOWS_1251)),
        (polish, legacy(polish, encoding_rs::WINDOWS_1250)),
    ];
    for (text, bytes) in cases {
        let seen = read(&bytes);
        let mut lines = text.lines().map(|line| line.split(';').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(seen.header, lines.next().unwrap());
        assert_eq!(
            seen.rows.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>(),
            lines.collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_legacy_letter_late_in_a_long_file_is_still_read_right() {
    let mut bytes = b"name,city\n".to_vec();
    for number in 0..120_000 {
        bytes.extend_from_slice(format!("client {number},Cologne\n").as_bytes());
    }
    bytes.extend_from_slice(b"M\xFCller,K\xF6ln\n");
    assert!(bytes.len() > 2 << 20);
    let seen = read(&bytes);
    assert_eq!(seen.rows.last().unwrap().1, ["Müller", "Köln"]);
    assert_eq!(seen.rows.len(), 120_001);
}

#[test]
fn a_few_broken_bytes_do_not_turn_a_utf8_file_into_another_encoding() {
    let mut bytes = "name\n".to_owned().into_bytes();
    for _ in 0..50 {
        bytes.extend_from_slice("Jürgen Größ\n".as_bytes());
    }
    bytes.extend_from_slice(b"bad \xFF byte\n");
    let seen = read(&bytes);
    assert_eq!(seen.rows[0].1, ["Jürgen Größ"]);
    assert_eq!(seen.rows[50].1, ["bad \u{FFFD} byte"]);
}

#[test]
fn an_empty_file_is_left_aside_and_a_header_alone_is_a_table_without_rows() {
    for empty in ["", "\n\n  \n", "\u{FEFF}", ",,,\n,,\n"] {
        let gathered = gather(&[Upload::bytes("file.csv", empty.as_bytes())]);
        assert!(gathered.tables.is_empty() && gathered.refusals.is_empty(), "{gathered:?}");
        assert_eq!(gathered.left_aside[0].reason, "it is empty");
    }
    let seen = read("name,city");
    assert_eq!((seen.header.len(), seen.rows.len(), seen.refused.len()), (2, 0, 0));
}

#[test]
fn what_is_no_table_is_refused_with_what_would_be_right() {
    assert!(refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest").contains(".xlsx or CSV"));
    assert!(refused(b"%PDF-1.7 ...").contains("PDF"));
    assert!(refused(b"<html><table><tr><td>1</td></tr></table>").contains("web page"));
    let noise: Vec<u8> = (0..5000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert!(refused(&noise).contains("not text"));
    assert!(refused(b"PK\x03\x04 broken").contains("cannot be read"));
}

#[test]
fn a_quote_left_open_costs_its_own_row_only() {
    let seen = read("a,b\n1,2\n\"3,4\n5,6\n7,8\n");
    assert_eq!(seen.rows, rows(&[(2, &["1", "2"]), (4, &["5", "6"]), (5, &["7", "8"])]));
    assert_eq!(seen.refused.len(), 1);
    assert_eq!(seen.refused[0].0, Some(3));
    assert!(seen.refused[0].1.contains("never closed"));

    let closed_elsewhere = read("a,b\n\"3,4\n5,\"6\"\n7,8\n");
    assert_eq!(closed_elsewhere.rows, rows(&[(3, &["5", "6"]), (4, &["7", "8"])]));
    assert_eq!(closed_elsewhere.refused[0].0, Some(2));
}

#[test]
fn quotes_inside_a_value_are_taken_as_they_stand() {
    let seen = read("a,b\n\"the \"big\" one\",2\n5\" pipe,3\n \"x\" ,\"y\"\r\n");
    assert_eq!(seen.rows, rows(&[(2, &["the \"big\" one", "2"]), (3, &["5\" pipe", "3"]), (4, &["x", "y"])]));
}

#[test]
fn ten_thousand_open_quotes_are_read_in_reasonable_time() {
    let mut text = "a,b\n".to_owned();
    for number in 0..10_000 {
        writeln!(text, "\"x{number},y").unwrap();
    }
    let seen = read(&text);
    assert_eq!(seen.rows.len() + seen.refused.len(), 10_000);
}

#[test]
fn a_row_longer_than_the_header_is_refused_and_a_shorter_one_is_filled_up() {
    let seen = read("a,b,c\nAcme, Inc.,1,2\n1,2\n1,2,3,,\n");
    assert_eq!(seen.rows, rows(&[(3, &["1", "2", ""]), (4, &["1", "2", "3"])]));
    assert_eq!(
        seen.refused,
        [(
            Some(2),
            "it has 4 values where the header names 3: one of them may need quotation marks around it"
                .to_owned()
        )]
    );
}

#[test]
fn a_line_of_ten_megabytes_is_refused_and_the_next_is_read() {
    let line = format!("{}\n", "x".repeat(1023));
    for long in ["x".repeat(10 << 20), format!("\"{}\"", line.repeat(10 << 10))] {
        let seen = read(format!("a,b\n1,2\n{long},2\n3,4\n"));
        let rows: Vec<&Vec<String>> = seen.rows.iter().map(|(_, cells)| cells).collect();
        assert_eq!(rows, [&["1", "2"], &["3", "4"]]);
        assert_eq!(seen.refused, [(Some(3), "the row is longer than 1024 KB".to_owned())]);
    }
    let without_end = read(format!("a,b\n1,2\n{}", "x".repeat(20 << 20)));
    assert_eq!(without_end.refused.len(), 1);
}

#[test]
fn nul_bytes_marks_and_formulas_are_cleaned_from_values() {
    let seen = read("a,b,c\nAc\0me,\u{200D}=1+1,'+49 30\n'quoted',-5,\u{a0} x \u{a0}\n");
    assert_eq!(seen.rows, rows(&[(2, &["Acme", "=1+1", "+49 30"]), (3, &["'quoted'", "-5", "x"])]));
}

#[test]
fn repeated_and_missing_headers_are_told_apart() {
    assert_eq!(read("name,name,,x,\n1,2,3,4\n").header, ["name", "name (2)", "Column 3", "x"]);
}

#[test]
fn titles_above_a_table_are_not_its_header() {
    let seen = read("Pipeline report\nas of 1 May\n\nname,stage,amount\nAcme,Won,5\n");
    assert_eq!(seen.header, ["name", "stage", "amount"]);
    assert_eq!(seen.rows, rows(&[(5, &["Acme", "Won", "5"])]));
}

#[test]
fn old_macintosh_line_ends_are_counted() {
    let seen = read("a,b\r1,2\r\"3\rx\",4\r5,6\r");
    assert_eq!(seen.rows, rows(&[(2, &["1", "2"]), (3, &["3\rx", "4"]), (5, &["5", "6"])]));
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of two sheets and a hidden one, written by hand: shared and inline texts, numbers, dates, flags, a formula, an error.
fn workbook() -> Vec<u8> {
    let ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let text = |cell: &str, text: &str| format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let deals = format!(
        "{head}<worksheet xmlns=\"{ns}\"><sheetData>\
         <row r=\"1\">{}</row>\
         <row r=\"3\">{}{}{}{}{}</row>\
         <row r=\"4\"><c r=\"A4\" t=\"s\"><v>0</v></c><c r=\"B4\"><v>1234.5</v></c><c r=\"C4\" s=\"1\"><v>45306</v></c>\
         <c r=\"D4\" t=\"b\"><v>1</v></c><c r=\"E4\"><f>B4*2</f><v>0.30000000000000004</v></c></row>\
         <row r=\"6\"><c r=\"A6\" t=\"s\"><v>1</v></c><c r=\"C6\" s=\"2\"><v>45306.4375</v></c><c r=\"D6\" t=\"e\"><v>#N/A</v></c>\
         <c r=\"E6\"><v>20000000</v></c></row>\
         </sheetData></worksheet>",
        text("A1", "Deals of the year"),
        text("A3", "Name"),
        text("B3", "Amount"),
        text("C3", "Close date"),
        text("D3", "Won"),
        text("E3", "Twice"),
    );
    let people = format!(
        "{head}<worksheet xmlns=\"{ns}\"><sheetData><row r=\"1\">{}</row><row r=\"2\">{}</row></sheetData></worksheet>",
        text("A1", "Email"),
        text("A2", "ada@example.com")
    );
    let book = format!(
        "{head}<workbook xmlns=\"{ns}\" xmlns:r=\"{rel}\"><sheets><sheet name=\"Deals\" sheetId=\"1\" r:id=\"rId1\"/>\
         <sheet name=\"People\" sheetId=\"2\" r:id=\"rId2\"/><sheet name=\"Lists\" sheetId=\"3\" state=\"hidden\" r:id=\"rId2\"/></sheets></workbook>"
    );
    let links = format!(
        "{head}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet2.xml\"/>\
         <Relationship Id=\"rId3\" Type=\"{rel}/sharedStrings\" Target=\"sharedStrings.xml\"/>\
         <Relationship Id=\"rId4\" Type=\"{rel}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    let root = format!(
        "{head}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let strings = format!("{head}<sst xmlns=\"{ns}\"><si><t>Acme</t></si><si><t>Beta</t></si></sst>");
    let styles = format!(
        "{head}<styleSheet xmlns=\"{ns}\"><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"
    );
    let types =
        format!("{head}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
    zipped(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", deals.as_bytes()),
        ("xl/worksheets/sheet2.xml", people.as_bytes()),
    ])
}

#[test]
fn a_workbook_gives_its_visible_sheets_with_dates_numbers_and_the_values_of_formulas() {
    let gathered = gather(&[Upload::bytes("book.xlsx", workbook())]);
    let names: Vec<&str> = gathered.tables.iter().map(|table| &*table.file).collect();
    assert_eq!(names, ["book.xlsx#Deals", "book.xlsx#People"], "{gathered:?}");
    let deals = seen(&gathered.tables[0]);
    assert_eq!(deals.header, ["Name", "Amount", "Close date", "Won", "Twice"]);
    assert_eq!(
        deals.rows,
        rows(&[
            (4, &["Acme", "1234.5", "2024-01-15", "true", "0.3"]),
            (6, &["Beta", "", "2024-01-15 10:30:00", "", "20000000"])
        ])
    );
    assert_eq!(seen(&gathered.tables[1]).rows, rows(&[(2, &["ada@example.com"])]));
}

#[test]
fn an_archive_gives_its_tables_wherever_they_lie_and_says_what_it_left_aside() {
    let archive = zipped(&[
        ("export/deep/deals.csv", b"name,stage\nAcme,Won\n"),
        ("book.xlsx", &workbook()),
        ("__MACOSX/export/._deals.csv", b"\0\x05\x16\x07"),
        ("photo.png", b"\x89PNG"),
        ("inner.zip", b"PK\x05\x06"),
        ("broken.csv", b"\x01\x02\x03\x04\x05\x06\x07\x08"),
    ]);
    let gathered = gather(&[Upload::bytes("all.zip", archive)]);
    let names: Vec<&str> = gathered.tables.iter().map(|table| &*table.file).collect();
    assert_eq!(
        names,
        ["all.zip/export/deep/deals.csv", "all.zip/book.xlsx#Deals", "all.zip/book.xlsx#People"]
    );
    assert_eq!(seen(&gathered.tables[0]).rows, rows(&[(2, &["Acme", "Won"])]));
    assert_eq!(seen(&gathered.tables[1]).rows.len(), 2);
    let aside: Vec<&str> = gathered.left_aside.iter().map(|refusal| &*refusal.file).collect();
    assert_eq!(aside, ["all.zip/photo.png", "all.zip/inner.zip"]);
    assert_eq!(gathered.refusals[0].file, "all.zip/broken.csv");
}

#[test]
fn an_archive_that_grows_without_end_is_refused() {
    let mut line = b"a,b\n".to_vec();
    line.resize(MAX_ROW_BYTES, b' ');
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    writer.start_file("bomb.csv", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..66 {
        writer.write_all(&line).unwrap();
    }
    let gathered = gather(&[Upload::bytes("bomb.zip", writer.finish().unwrap().into_inner())]);
    assert!(gathered.tables.is_empty());
    assert!(gathered.refusals[0].reason.contains("far larger"), "{gathered:?}");
}

#[test]
fn files_of_the_same_name_are_told_apart() {
    let upload = |text: &str| Upload::bytes("deals.csv", text.as_bytes());
    let gathered = gather(&[upload("a\n1\n"), upload("a\n2\n")]);
    assert_eq!(&*gathered.tables[1].file, "deals.csv (2)");
}

#[test]
fn a_file_on_disk_and_one_that_is_gone() {
    let folder = std::env::temp_dir().join(format!("sameside-table-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("deals.csv");
    std::fs::write(&path, "a,b\n1,2\n").unwrap();
    let gathered = gather(&[Upload::path(&path), Upload::path(&folder.join("gone.csv"))]);
    assert_eq!(seen(&gathered.tables[0]).rows, rows(&[(2, &["1", "2"])]));
    assert_eq!(gathered.refusals[0].file, "gone.csv");
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(seen(&gathered.tables[0]).refused[0].1.contains("cannot be read"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_the_bytes_reading_ends_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        for table in &gather(&[Upload::bytes("f", bytes)]).tables {
            seen(table);
        }
    }

    #[test]
    fn whatever_the_text_each_line_is_told_at_most_once(text in "[ab,;\"\n\r\t x0-9\u{e9}]{0,400}") {
        for table in &gather(&[Upload::bytes("f", text.into_bytes())]).tables {
            let seen = seen(table);
            let mut lines: Vec<u64> = seen.rows.iter().map(|(line, _)| *line).collect();
            lines.extend(seen.refused.iter().filter_map(|(line, _)| *line));
            lines.sort_unstable();
            prop_assert!(lines.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn what_is_written_by_the_rules_is_read_back(table in proptest::collection::vec(proptest::collection::vec("[ -~\n\u{e9}\u{4e2d}]{0,12}", 3), 1..20)) {
        let mut text = "first,second,third\n".to_owned();
        for row in &table {
            let quoted: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            writeln!(text, "{}", quoted.join(",")).unwrap();
        }
        let seen = read(&text);
        prop_assert_eq!(&seen.refused, &vec![]);
        let read: Vec<Vec<String>> = seen.rows.into_iter().map(|(_, cells)| cells).collect();
        let meant: Vec<Vec<String>> = table.iter().map(|row| row.iter().map(|cell| clean(cell).into_owned()).collect::<Vec<_>>())
            .filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
        prop_assert_eq!(read, meant);
    }

    #[test]
    fn a_damaged_workbook_or_archive_never_stops_the_process(at in 0_usize..4000, byte in any::<u8>(), cut in 0_usize..4000) {
        let mut bytes = workbook();
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        bytes.truncate(bytes.len() - cut.min(bytes.len()) / 8);
        for table in &gather(&[Upload::bytes("f", bytes)]).tables {
            seen(table);
        }
    }
}
