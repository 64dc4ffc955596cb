# The page of a client, in English. Every language has the same messages with the same variables: a test compares them.

by-at = { $by } at { $company }
for-whom = { $by }, for { $whom }
preview = This is how the client sees the page. Nothing can be done from here.
nothing-yet = There is nothing on this page yet. Please look again later.
foot-private = This page is for you alone. Please do not pass its address on.
foot-until = It is open until { $day }.
back = Back to the page

goal-title = What you want to do
measure-title = How we will both see that it worked
measure-way = { $what }: from { $from } to { $to }{ $by }
by-day = , by { $day }
others-reached = Others with this reached { $low } to { $high }% of the way ({ $n } results).
asked-title = What you asked for, and our answer
want-open = We are still thinking about it.
want-yes = Yes.
want-dropped = Left out.

offers-title = Which offer suits you?
offer-title = Our offer
offers-equal = They are equally good for us, so choose what is best for you.
agreed-title = What we agreed on
offer-name = Offer { $n }
months =
    { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
a-month-for = { $sum } a month, for { $long }
for-long = for { $long }
given-back = { $share }% of the price back if it does not work
state-chosen = You have chosen. You can still choose otherwise until we have both agreed.
state-change = You asked for a change; we will answer.
state-declined = You want none of these. Thank you for saying so.
picked = your choice
choose = Choose this
ask-change = Ask for a change
change-which = Which offer?
change-what = What would you have otherwise?
say-no = None of these
no-why = Why? It helps us to hear it.
send = Send

people-title = Who is who
your-side = Your side

files-title = Documents
file-since = shared on { $day }
file-lost-title = This document cannot be opened just now
file-lost-text = Please ask { $from } to send it to you again.
shared-title = To read and to print
proposal = The proposal
issued = Version { $n }, { $day }
costs-title = What it costs
brings-title = What it brings
stories-title = What others reached
plan-title = The plan
we-promise = We promise
you-promise = You promise
will-not = What we will not do
good-until = Good until { $day }.

said-chosen = Thank you. We have your choice.
said-change = Thank you. We have your wish and will answer.
said-declined = Thank you for telling us.
changed-meanwhile = This changed while you were reading. Please look at it again.
needs-mending = Something was missing. Please fill it in and send it again.
not-possible-now = That is not possible any more. Please look at the page again.

closed-title = There is nothing here
closed-text = This link does not open a page. Please ask whoever gave it to you for a new one.
expired-title = This page has ended
expired-text = Its time is over. Please ask { $from } for a new link.
too-often-title = One moment, please
too-often-text = This was asked for very often just now. Please try again in a minute.
fault-title = That was our fault
fault-text = It did not work, and nothing of it was saved. Please try again. If it goes on, tell us this number: { $n }

passcode-title = One more word
passcode-text = { $from } gave you a passcode for this page. Please type it in.
passcode = Passcode
come-in = Open the page
passcode-wrong = This is not the passcode. Please try again.
passcode-locked = A wrong passcode was typed too often. Please ask for a new link.

felt-title = How did our last contact feel?
felt-ask = One tap is enough.
felt-said = You said: { $mood }.
felt-word = Would you like to say why?
mood-very-good = Very good
mood-good = Good
mood-so-so = So-so
mood-not-good = Not good
mood-bad = Bad
said-felt = Thank you for saying so.

help-title = Ask us for help
help-ask = Something does not work, or you would like to know something? Write it here; everybody is answered within the same time.
help-new = Ask for something
help-what = What do you need?
help-said = What else should we know?
help-more = Write more
help-more-what = What would you like to add?
help-you = You
help-we = We
help-answer-by = We answer by { $day }.
help-by = We are working on it, until { $day } at the latest.
help-yours = It is your turn: we asked you something.
help-resolved = Resolved on { $day }.
said-help = Thank you. We have it and will answer.

changed-now = This page was just brought up to date.
questions-title = What we would like to know from you
questions-why = A rough answer is enough. It helps us to say honestly whether this is right for you.
you-said = You said: { $said }
say-otherwise = Say it otherwise
we-do-not-know = We do not know
more-words = In your words, if you like
ask-benefit = What does the problem cost you in a usual month?
ask-delay = How many months until you would feel the difference?
ask-adoption = What will the change cost you besides the price: time, training, moving?
ask-alternative = What would your next best way bring you, all in all?
a-month = a month
in-months = months
said-answered = Thank you. We have your answer.
result-title = What became of it?
result-due = { $day } was the day to look at the result together. How does it stand?
result-written = What we wrote down together:
result-said = What you told us:
result-have = Do you have what you wanted?
reached-fully = Yes, we have it
reached-partly = Partly
reached-not = No
result-now = Where does it stand now?
said-result = Thank you for telling us. We will look at it.
glad-agreement = How is it for you to pay this?
glad-verification = Looking back: how was it to pay for this?
felt-gladly = Gladly
felt-fairly = It is fair
felt-grudgingly = Grudgingly
felt-not-again = We would not do it again
glad-why = Why? It helps us to hear it.
said-glad = Thank you for telling us.

steps-title = Who does what, and when
step-done = done
step-confirmed = confirmed
step-late = late
step-asked = Another day was asked for: { $day }
step-finish = Done
step-result = Say how it stands
step-confirm = Confirm
step-another = Another day
step-day = Which day would be better?
step-why = Why, if you like
said-confirmed = Thank you. It is confirmed.
said-finished = Thank you. It is marked as done.
said-another = Thank you. We have your wish for another day and will answer.
