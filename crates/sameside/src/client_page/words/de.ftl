# Die Seite eines Kunden, auf Deutsch.

by-at = { $by }, { $company }
for-whom = { $by }, für { $whom }
preview = So sieht der Kunde die Seite. Von hier aus lässt sich nichts ändern.
nothing-yet = Auf dieser Seite steht noch nichts. Bitte schauen Sie später noch einmal nach.
foot-private = Diese Seite ist nur für Sie. Bitte geben Sie die Adresse nicht weiter.
foot-until = Sie ist bis { $day } offen.
back = Zurück zur Seite

goal-title = Was Sie erreichen möchten
measure-title = Woran wir beide sehen, dass es gelungen ist
measure-way = { $what }: von { $from } auf { $to }{ $by }
by-day = , bis { $day }
others-reached = Andere sind damit { $low } bis { $high } % des Wegs gekommen ({ $n } Ergebnisse).
asked-title = Was Sie sich gewünscht haben, und unsere Antwort
want-open = Darüber denken wir noch nach.
want-yes = Ja.
want-dropped = Lassen wir weg.

offers-title = Welches Angebot passt Ihnen?
offer-title = Unser Angebot
offers-equal = Für uns sind sie gleich gut. Wählen Sie, was für Sie am besten ist.
agreed-title = Was wir vereinbart haben
offer-name = Angebot { $n }
months =
    { $n ->
        [one] { $n } Monat
       *[other] { $n } Monate
    }
a-month-for = { $sum } im Monat, Laufzeit { $long }
for-long = Laufzeit { $long }
given-back = { $share } % des Preises zurück, wenn es nicht gelingt
state-chosen = Sie haben gewählt. Bis zur Vereinbarung können Sie sich noch anders entscheiden.
state-change = Sie haben um eine Änderung gebeten; wir antworten Ihnen.
state-declined = Sie möchten keines davon. Danke für das offene Wort.
picked = Ihre Wahl
choose = Dieses wählen
ask-change = Änderung wünschen
change-which = Welches Angebot?
change-what = Was hätten Sie gern anders?
say-no = Keines davon
no-why = Warum? Es hilft uns, das zu hören.
send = Absenden

people-title = Wer ist wer
your-side = Ihre Seite

files-title = Dokumente
file-since = geteilt am { $day }
file-lost-title = Dieses Dokument lässt sich gerade nicht öffnen
file-lost-text = Bitte lassen Sie es sich von { $from } noch einmal geben.
shared-title = Zum Lesen und Drucken
proposal = Der Vorschlag
issued = Fassung { $n }, { $day }
costs-title = Was es kostet
brings-title = Was es bringt
stories-title = Was andere erreicht haben
plan-title = Der Plan
we-promise = Wir versprechen
you-promise = Sie versprechen
will-not = Was wir nicht tun
good-until = Gültig bis { $day }.

said-chosen = Danke. Ihre Wahl ist bei uns angekommen.
said-change = Danke. Ihr Wunsch ist angekommen, wir antworten Ihnen.
said-declined = Danke, dass Sie es uns sagen.
changed-meanwhile = Hier hat sich etwas geändert, während Sie gelesen haben. Bitte schauen Sie noch einmal.
needs-mending = Es hat etwas gefehlt. Bitte ergänzen Sie es und senden Sie es noch einmal.
not-possible-now = Das ist nicht mehr möglich. Bitte schauen Sie die Seite noch einmal an.

closed-title = Hier ist nichts
closed-text = Dieser Link öffnet keine Seite. Bitte lassen Sie sich einen neuen geben.
expired-title = Diese Seite ist beendet
expired-text = Ihre Zeit ist abgelaufen. Bitte lassen Sie sich von { $from } einen neuen Link geben.
too-often-title = Einen Moment, bitte
too-often-text = Das wurde gerade sehr oft aufgerufen. Bitte versuchen Sie es in einer Minute wieder.
fault-title = Das lag an uns
fault-text = Es hat nicht geklappt, und nichts davon wurde gespeichert. Bitte versuchen Sie es noch einmal. Wenn es so bleibt, nennen Sie uns diese Nummer: { $n }

passcode-title = Noch ein Wort
passcode-text = { $from } hat Ihnen ein Kennwort für diese Seite gegeben. Bitte geben Sie es ein.
passcode = Kennwort
come-in = Seite öffnen
passcode-wrong = Das ist nicht das Kennwort. Bitte versuchen Sie es noch einmal.
passcode-locked = Es wurde zu oft ein falsches Kennwort eingegeben. Bitte lassen Sie sich einen neuen Link geben.

felt-title = Wie war unser letzter Kontakt für Sie?
felt-ask = Ein Tipp genügt.
felt-said = Sie haben gesagt: { $mood }.
felt-word = Möchten Sie sagen, warum?
mood-very-good = Sehr gut
mood-good = Gut
mood-so-so = Es geht so
mood-not-good = Nicht gut
mood-bad = Schlecht
said-felt = Danke, dass Sie es uns sagen.

help-title = Fragen Sie uns um Hilfe
help-ask = Etwas geht nicht, oder Sie möchten etwas wissen? Schreiben Sie es hier; alle bekommen in derselben Zeit Antwort.
help-new = Um etwas bitten
help-what = Was brauchen Sie?
help-said = Was sollten wir noch wissen?
help-more = Mehr schreiben
help-more-what = Was möchten Sie ergänzen?
help-you = Sie
help-we = Wir
help-answer-by = Wir antworten bis { $day }.
help-by = Wir arbeiten daran, längstens bis { $day }.
help-yours = Sie sind an der Reihe: Wir haben Sie etwas gefragt.
help-resolved = Gelöst am { $day }.
said-help = Danke. Es ist angekommen, wir antworten Ihnen.

changed-now = Diese Seite wurde gerade aktualisiert.
questions-title = Was wir gern von Ihnen wüssten
questions-why = Eine ungefähre Antwort genügt. Sie hilft uns, ehrlich zu sagen, ob es das Richtige für Sie ist.
you-said = Sie haben gesagt: { $said }
say-otherwise = Anders antworten
we-do-not-know = Wissen wir nicht
more-words = In Ihren Worten, wenn Sie mögen
ask-benefit = Was kostet Sie das Problem in einem gewöhnlichen Monat?
ask-delay = Nach wie vielen Monaten würden Sie den Unterschied spüren?
ask-adoption = Was kostet Sie die Umstellung außer dem Preis: Zeit, Schulung, Umzug?
ask-alternative = Was brächte Ihnen der nächstbeste Weg, alles in allem?
a-month = im Monat
in-months = Monate
said-answered = Danke. Ihre Antwort ist bei uns angekommen.
result-title = Was ist daraus geworden?
result-due = Am { $day } wollten wir gemeinsam auf das Ergebnis schauen. Wie steht es?
result-written = Was wir gemeinsam festgehalten haben:
result-said = Was Sie uns gesagt haben:
result-have = Haben Sie, was Sie wollten?
reached-fully = Ja, wir haben es
reached-partly = Zum Teil
reached-not = Nein
result-now = Wo steht es jetzt?
said-result = Danke, dass Sie es uns sagen. Wir sehen es uns an.
glad-agreement = Wie ist es für Sie, das zu bezahlen?
glad-verification = Im Rückblick: Wie war es, dafür zu bezahlen?
felt-gladly = Gern
felt-fairly = Es ist angemessen
felt-grudgingly = Ungern
felt-not-again = Wir würden es nicht wieder tun
glad-why = Warum? Es hilft uns, das zu hören.
said-glad = Danke, dass Sie es uns sagen.

steps-title = Wer macht was, und wann
step-done = erledigt
step-confirmed = bestätigt
step-late = überfällig
step-asked = Ein anderer Tag ist gewünscht: { $day }
step-finish = Erledigt
step-result = Sagen, wie es steht
step-confirm = Bestätigen
step-another = Anderer Tag
step-day = Welcher Tag wäre besser?
step-why = Warum, wenn Sie mögen
said-confirmed = Danke. Es ist bestätigt.
said-finished = Danke. Es ist als erledigt vermerkt.
said-another = Danke. Ihr Wunsch nach einem anderen Tag ist angekommen, wir antworten Ihnen.
