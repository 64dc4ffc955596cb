# La página de un cliente, en español.

by-at = { $by }, { $company }
for-whom = { $by }, para { $whom }
preview = Así ve el cliente la página. Desde aquí no se puede hacer nada.
nothing-yet = Todavía no hay nada en esta página. Vuelva a mirar más tarde, por favor.
foot-private = Esta página es solo para usted. Por favor, no comparta su dirección.
foot-until = Está abierta hasta el { $day }.
back = Volver a la página

goal-title = Lo que quiere hacer
measure-title = Cómo veremos ambos que ha funcionado
measure-way = { $what }: de { $from } a { $to }{ $by }
by-day = , antes del { $day }
others-reached = Otros llegaron con esto del { $low } al { $high } % del camino ({ $n } resultados).
asked-title = Lo que pidió y nuestra respuesta
want-open = Todavía lo estamos pensando.
want-yes = Sí.
want-dropped = Se deja fuera.

offers-title = ¿Qué oferta le conviene?
offer-title = Nuestra oferta
offers-equal = Para nosotros son igual de buenas; elija la mejor para usted.
agreed-title = Lo que hemos acordado
offer-name = Oferta { $n }
months =
    { $n ->
        [one] { $n } mes
       *[other] { $n } meses
    }
a-month-for = { $sum } al mes, durante { $long }
for-long = durante { $long }
given-back = { $share } % del precio de vuelta si no funciona
state-chosen = Ya ha elegido. Puede cambiar de opinión hasta que lo acordemos.
state-change = Ha pedido un cambio; le responderemos.
state-declined = No quiere ninguna. Gracias por decírnoslo.
picked = su elección
choose = Elegir esta
ask-change = Pedir un cambio
change-which = ¿Qué oferta?
change-what = ¿Qué querría de otra manera?
say-no = Ninguna
no-why = ¿Por qué? Nos ayuda saberlo.
send = Enviar

people-title = Quién es quién
your-side = Su lado

files-title = Documentos
file-since = compartido el { $day }
file-lost-title = Este documento no se puede abrir en este momento
file-lost-text = Pida a { $from } que se lo envíe de nuevo, por favor.
shared-title = Para leer e imprimir
proposal = La propuesta
issued = Versión { $n }, { $day }
costs-title = Lo que cuesta
brings-title = Lo que aporta
stories-title = Lo que otros lograron
plan-title = El plan
we-promise = Prometemos
you-promise = Usted promete
will-not = Lo que no haremos
good-until = Válido hasta el { $day }.

said-chosen = Gracias. Tenemos su elección.
said-change = Gracias. Tenemos su deseo y le responderemos.
said-declined = Gracias por decírnoslo.
changed-meanwhile = Esto ha cambiado mientras leía. Vuelva a mirarlo, por favor.
needs-mending = Faltaba algo. Complételo y vuelva a enviarlo, por favor.
not-possible-now = Eso ya no es posible. Vuelva a mirar la página, por favor.

closed-title = Aquí no hay nada
closed-text = Este enlace no abre ninguna página. Pida uno nuevo a quien se lo dio, por favor.
expired-title = Esta página ha terminado
expired-text = Su tiempo se ha acabado. Pida un enlace nuevo a { $from }, por favor.
too-often-title = Un momento, por favor
too-often-text = Se ha pedido muchas veces seguidas. Inténtelo de nuevo en un minuto, por favor.
fault-title = Ha sido culpa nuestra
fault-text = No ha funcionado y no se ha guardado nada. Inténtelo de nuevo, por favor. Si continúa, díganos este número: { $n }

passcode-title = Una palabra más
passcode-text = { $from } le dio una clave para esta página. Escríbala, por favor.
passcode = Clave
come-in = Abrir la página
passcode-wrong = Esa no es la clave. Inténtelo de nuevo, por favor.
passcode-locked = Se escribió una clave equivocada demasiadas veces. Pida un enlace nuevo, por favor.

felt-title = ¿Cómo se sintió nuestro último contacto?
felt-ask = Basta un toque.
felt-said = Ha dicho: { $mood }.
felt-word = ¿Quiere decir por qué?
mood-very-good = Muy bien
mood-good = Bien
mood-so-so = Regular
mood-not-good = No muy bien
mood-bad = Mal
said-felt = Gracias por decírnoslo.

help-title = Pídanos ayuda
help-ask = ¿Algo no funciona o quiere saber algo? Escríbalo aquí; todos reciben respuesta en el mismo plazo.
help-new = Pedir algo
help-what = ¿Qué necesita?
help-said = ¿Qué más deberíamos saber?
help-more = Escribir más
help-more-what = ¿Qué quiere añadir?
help-you = Usted
help-we = Nosotros
help-answer-by = Respondemos antes del { $day }.
help-by = Estamos en ello, a más tardar hasta el { $day }.
help-yours = Es su turno: le hicimos una pregunta.
help-resolved = Resuelto el { $day }.
said-help = Gracias. Lo tenemos y le responderemos.

changed-now = Esta página se acaba de actualizar.
questions-title = Lo que nos gustaría saber de usted
questions-why = Basta una respuesta aproximada. Nos ayuda a decir con honestidad si esto es bueno para usted.
you-said = Usted dijo: { $said }
say-otherwise = Responder de otra manera
we-do-not-know = No lo sabemos
more-words = Con sus palabras, si quiere
ask-benefit = ¿Cuánto le cuesta el problema en un mes normal?
ask-delay = ¿En cuántos meses notaría la diferencia?
ask-adoption = ¿Cuánto le costará el cambio además del precio: tiempo, formación, traslado?
ask-alternative = ¿Qué le aportaría su siguiente mejor opción, en total?
a-month = al mes
in-months = meses
said-answered = Gracias. Tenemos su respuesta.
result-title = ¿Qué ha resultado?
result-due = El { $day } era el día para mirar juntos el resultado. ¿Cómo va?
result-written = Lo que anotamos juntos:
result-said = Lo que nos dijo:
result-have = ¿Tiene lo que quería?
reached-fully = Sí, lo tenemos
reached-partly = En parte
reached-not = No
result-now = ¿Cómo está ahora?
said-result = Gracias por decírnoslo. Lo miraremos.
glad-agreement = ¿Cómo le sienta pagar esto?
glad-verification = Mirando atrás: ¿cómo le sentó pagar por esto?
felt-gladly = Con gusto
felt-fairly = Es justo
felt-grudgingly = A regañadientes
felt-not-again = No lo haríamos otra vez
glad-why = ¿Por qué? Nos ayuda saberlo.
said-glad = Gracias por decírnoslo.

steps-title = Quién hace qué, y cuándo
step-done = hecho
step-confirmed = confirmado
step-late = con retraso
step-asked = Se pidió otro día: { $day }
step-finish = Hecho
step-result = Decir cómo va
step-confirm = Confirmar
step-another = Otro día
step-day = ¿Qué día sería mejor?
step-why = Por qué, si quiere
said-confirmed = Gracias. Queda confirmado.
said-finished = Gracias. Queda anotado como hecho.
said-another = Gracias. Tenemos su deseo de otro día y le responderemos.
