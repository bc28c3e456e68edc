// SPDX-License-Identifier: GPL-2.0-only
/// irq_dispose_mapping() or irq_domain_free_irqs() of an interrupt of device MSI. Only
/// device MSI can free its interrupts: it has to mask and empty their slots, too.
/// It notices, warns, and undoes it as far as that is possible.
///
/// Found is the number of a struct msi_map, a copy of that in a variable or in a field, and
/// what device_msi_virq() returns.
//
// Confidence: High; Moderate for a copy in a field, which is known by its name
// Options: --no-includes
virtual report

@ours@
identifier call = { device_msi_alloc_irq, device_msi_alloc_irqs, devm_device_msi_alloc_irq, devm_device_msi_alloc_irqs, device_msi_free_irq, device_msi_free_irqs, device_msi_virq };
@@
call(...)

@kept depends on ours@
expression S, M;
identifier f;
@@
(
S->f = M.virq
|
S->f = M->virq
|
S->f = device_msi_virq(...)
)

@map depends on ours@
identifier dispose = { irq_dispose_mapping, irq_domain_free_irqs };
expression M;
position p;
@@
(
dispose@p(M.virq, ...)
|
dispose@p(M->virq, ...)
|
dispose@p(device_msi_virq(...), ...)
)

@copy depends on ours exists@
identifier dispose = { irq_dispose_mapping, irq_domain_free_irqs };
expression M;
local idexpression V;
position p;
@@
(
V = M.virq
|
V = M->virq
|
V = device_msi_virq(...)
)
... when != V = ...
dispose@p(V, ...)

@copied@
identifier dispose = { irq_dispose_mapping, irq_domain_free_irqs };
identifier kept.f;
expression S;
position p;
@@
dispose@p(S->f, ...)

@initialize:python@
@@
def ours(p):
	coccilib.report.print_report(p[0], "this interrupt is device MSI's: free it with device_msi_free_irq()")

@script:python depends on report@
p << map.p;
@@
ours(p)

@script:python depends on report@
p << copy.p;
@@
ours(p)

@script:python depends on report@
p << copied.p;
@@
ours(p)
