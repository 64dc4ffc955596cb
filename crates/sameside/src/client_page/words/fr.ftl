# La page d'un client, en français.

by-at = { $by }, { $company }
for-whom = { $by }, pour { $whom }
preview = Voici la page telle que le client la voit. On ne peut rien y faire d'ici.
nothing-yet = Il n'y a encore rien sur cette page. Merci de revenir plus tard.
foot-private = Cette page est pour vous seul. Merci de ne pas transmettre son adresse.
foot-until = Elle est ouverte jusqu'au { $day }.
back = Retour à la page

goal-title = Ce que vous voulez faire
measure-title = Comment nous verrons tous deux que cela a marché
measure-way = { $what } : de { $from } à { $to }{ $by }
by-day = , d'ici le { $day }
others-reached = D'autres sont arrivés avec cela à { $low } à { $high } % du chemin ({ $n } résultats).
asked-title = Ce que vous avez demandé, et notre réponse
want-open = Nous y réfléchissons encore.
want-yes = Oui.
want-dropped = Laissé de côté.

offers-title = Quelle offre vous convient ?
offer-title = Notre offre
offers-equal = Elles se valent pour nous : choisissez la meilleure pour vous.
agreed-title = Ce que nous avons convenu
offer-name = Offre { $n }
months =
    { $n ->
        [one] { $n } mois
       *[other] { $n } mois
    }
a-month-for = { $sum } par mois, pendant { $long }
for-long = pendant { $long }
given-back = { $share } % du prix rendu si cela ne marche pas
state-chosen = Vous avez choisi. Vous pouvez encore changer d'avis jusqu'à notre accord.
state-change = Vous avez demandé un changement ; nous vous répondrons.
state-declined = Aucune ne vous convient. Merci de nous l'avoir dit.
picked = votre choix
choose = Choisir celle-ci
ask-change = Demander un changement
change-which = Quelle offre ?
change-what = Que voudriez-vous autrement ?
say-no = Aucune
no-why = Pourquoi ? Cela nous aide de l'entendre.
send = Envoyer

people-title = Qui est qui
your-side = Chez vous

files-title = Documents
file-since = partagé le { $day }
file-lost-title = Ce document ne peut pas être ouvert pour le moment
file-lost-text = Merci de demander à { $from } de vous le renvoyer.
shared-title = À lire et à imprimer
proposal = La proposition
issued = Version { $n }, { $day }
costs-title = Ce que cela coûte
brings-title = Ce que cela apporte
stories-title = Ce que d'autres ont obtenu
plan-title = Le plan
we-promise = Nous promettons
you-promise = Vous promettez
will-not = Ce que nous ne ferons pas
good-until = Valable jusqu'au { $day }.

said-chosen = Merci. Votre choix nous est parvenu.
said-change = Merci. Votre souhait nous est parvenu, nous vous répondrons.
said-declined = Merci de nous l'avoir dit.
changed-meanwhile = Ceci a changé pendant que vous lisiez. Merci de regarder à nouveau.
needs-mending = Il manquait quelque chose. Merci de le compléter et de renvoyer.
not-possible-now = Ce n'est plus possible. Merci de regarder la page à nouveau.

closed-title = Il n'y a rien ici
closed-text = Ce lien n'ouvre aucune page. Merci d'en demander un nouveau à la personne qui vous l'a donné.
expired-title = Cette page a pris fin
expired-text = Son temps est écoulé. Merci de demander un nouveau lien à { $from }.
too-often-title = Un instant, s'il vous plaît
too-often-text = Cette page vient d'être demandée très souvent. Merci de réessayer dans une minute.
fault-title = C'était de notre faute
fault-text = Cela n'a pas marché, et rien n'a été enregistré. Merci de réessayer. Si cela continue, donnez-nous ce numéro : { $n }

passcode-title = Encore un mot
passcode-text = { $from } vous a donné un code pour cette page. Merci de le saisir.
passcode = Code
come-in = Ouvrir la page
passcode-wrong = Ce n'est pas le bon code. Merci de réessayer.
passcode-locked = Un mauvais code a été saisi trop souvent. Merci de demander un nouveau lien.

felt-title = Comment s’est passé notre dernier échange ?
felt-ask = Un geste suffit.
felt-said = Vous avez dit : { $mood }.
felt-word = Voulez-vous dire pourquoi ?
mood-very-good = Très bien
mood-good = Bien
mood-so-so = Moyen
mood-not-good = Pas bien
mood-bad = Mal
said-felt = Merci de nous le dire.

help-title = Demandez-nous de l’aide
help-ask = Quelque chose ne marche pas, ou vous avez une question ? Écrivez-le ici ; chacun reçoit une réponse dans le même délai.
help-new = Demander quelque chose
help-what = De quoi avez-vous besoin ?
help-said = Que devrions-nous savoir d’autre ?
help-more = Écrire encore
help-more-what = Que voulez-vous ajouter ?
help-you = Vous
help-we = Nous
help-answer-by = Nous répondons au plus tard le { $day }.
help-by = Nous y travaillons, au plus tard jusqu’au { $day }.
help-yours = C’est à vous : nous vous avons posé une question.
help-resolved = Résolu le { $day }.
said-help = Merci. Nous l’avons bien reçu et vous répondrons.

changed-now = Cette page vient d'être mise à jour.
questions-title = Ce que nous aimerions savoir de vous
questions-why = Une réponse approximative suffit. Elle nous aide à dire honnêtement si c'est bon pour vous.
you-said = Vous avez dit : { $said }
say-otherwise = Répondre autrement
we-do-not-know = Nous ne savons pas
more-words = Avec vos mots, si vous voulez
ask-benefit = Que vous coûte le problème dans un mois ordinaire ?
ask-delay = Au bout de combien de mois sentiriez-vous la différence ?
ask-adoption = Que vous coûtera le changement en plus du prix : temps, formation, mise en place ?
ask-alternative = Que vous apporterait la meilleure autre voie, tout compris ?
a-month = par mois
in-months = mois
said-answered = Merci. Votre réponse nous est parvenue.
result-title = Qu'est-ce que cela a donné ?
result-due = Le { $day } était le jour prévu pour regarder ensemble le résultat. Où en êtes-vous ?
result-written = Ce que nous avons noté ensemble :
result-said = Ce que vous nous avez dit :
result-have = Avez-vous ce que vous vouliez ?
reached-fully = Oui, nous l'avons
reached-partly = En partie
reached-not = Non
result-now = Où en est-on maintenant ?
said-result = Merci de nous l'avoir dit. Nous allons regarder.
glad-agreement = Que ressentez-vous à payer cela ?
glad-verification = Avec le recul : que ressentez-vous de l'avoir payé ?
felt-gladly = Volontiers
felt-fairly = C'est juste
felt-grudgingly = À contrecœur
felt-not-again = Nous ne le referions pas
glad-why = Pourquoi ? Cela nous aide de l'entendre.
said-glad = Merci de nous l'avoir dit.

steps-title = Qui fait quoi, et quand
step-done = fait
step-confirmed = confirmé
step-late = en retard
step-asked = Un autre jour est demandé : { $day }
step-finish = C'est fait
step-result = Dire où cela en est
step-confirm = Confirmer
step-another = Un autre jour
step-day = Quel jour conviendrait mieux ?
step-why = Pourquoi, si vous voulez
said-confirmed = Merci. C'est confirmé.
said-finished = Merci. C'est noté comme fait.
said-another = Merci. Votre souhait d'un autre jour nous est parvenu, nous vous répondrons.
