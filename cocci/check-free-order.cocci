// SPDX-License-Identifier: GPL-2.0-only
/// An interrupt is freed with device_msi_free_irq() or device_msi_free_irqs() before
/// free_irq() of it. As long as it is requested device MSI refuses that: -EBUSY, and a
/// warning. The interrupt then stays allocated, for nobody frees it again.
///
/// Found are pairs in one function: of the same struct msi_map, or of device_msi_free_irqs()
/// and any interrupt of ours; and an interrupt of devm_request_irq() that is freed by hand,
/// since devres frees the request only later.
//
// Confidence: High for pairs, Moderate for devm_request_irq(), which is known by the
//	name of the map in the driver's structure
// Options: --no-includes
virtual report

@pair exists@
expression dom, consumer, M;
position p, q;
@@
device_msi_free_irq@p(dom, consumer, M)
... when != M = ...
(
free_irq@q(M.virq, ...)
|
devm_free_irq@q(..., M.virq, ...)
)

@pointed exists@
expression dom, consumer, P;
position p, q;
@@
device_msi_free_irq@p(dom, consumer, *P)
... when != P = ...
(
free_irq@q(P->virq, ...)
|
devm_free_irq@q(..., P->virq, ...)
)

@copy exists@
expression dom, consumer, M;
local idexpression V;
position p, q;
@@
V = M.virq
...
device_msi_free_irq@p(dom, consumer, M)
... when != V = ...
(
free_irq@q(V, ...)
|
devm_free_irq@q(..., V, ...)
)

// The name under which a driver keeps the number
@kept@
expression S, M;
identifier f;
@@
(
S->f = M.virq
|
S->f = M->virq
)

@every exists@
position p, q;
expression M;
@@
device_msi_free_irqs@p(...)
...
(
free_irq@q(M.virq, ...)
|
free_irq@q(M->virq, ...)
|
devm_free_irq@q(..., M.virq, ...)
|
devm_free_irq@q(..., M->virq, ...)
)

@every_kept exists@
position p, q;
expression S;
identifier kept.f;
@@
device_msi_free_irqs@p(...)
...
(
free_irq@q(S->f, ...)
|
devm_free_irq@q(..., S->f, ...)
)

@managed@
expression S;
identifier f;
@@
(
devm_request_irq(..., S->f.virq, ...)
|
devm_request_threaded_irq(..., S->f.virq, ...)
)

@managed_freed@
expression S;
identifier managed.f;
position p;
@@
devm_free_irq(..., S->f.virq, ...)
...
device_msi_free_irq@p(..., S->f)

@by_hand@
expression S;
identifier managed.f;
position p != managed_freed.p;
@@
device_msi_free_irq@p(..., S->f)

@initialize:python@
@@
def early(p, q):
	# In a loop the next round comes after this one
	if int(q[0].line) > int(p[0].line):
		coccilib.report.print_report(p[0], "the interrupt is requested until line %s: -EBUSY; call free_irq() before" % q[0].line)

@script:python depends on report@
p << pair.p;
q << pair.q;
@@
early(p, q)

@script:python depends on report@
p << pointed.p;
q << pointed.q;
@@
early(p, q)

@script:python depends on report@
p << copy.p;
q << copy.q;
@@
early(p, q)

@script:python depends on report@
p << every.p;
q << every.q;
@@
early(p, q)

@script:python depends on report@
p << every_kept.p;
q << every_kept.q;
@@
early(p, q)

@script:python depends on report@
p << by_hand.p;
@@
coccilib.report.print_report(p[0], "devm_request_irq() keeps the interrupt requested until the driver is unbound: -EBUSY; call devm_free_irq() before, or let devm_device_msi_alloc_irq() free it")
