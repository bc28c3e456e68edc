// SPDX-License-Identifier: GPL-2.0-only
/// A domain is removed before what depends on it. device_msi_remove_domain() is refused
/// (-EBUSY, with a warning) while one of the domain's interrupts is requested, and the
/// domain then stays, with the memory of the device that it uses. After a removal the
/// domain is no argument any more (-ENODEV, with a warning).
///
/// Found are in one function: free_irq(), and other uses of the domain, after the removal.
/// In one file: interrupts of devm_request_irq(), which devres frees only after the
/// driver's remove(); and a domain of devm_ims_array_create_domain() or
/// devm_ims_queue_create_domain() that is removed by hand, and so twice.
/// What is allocated and not requested goes with the domain: that is not found.
//
// Confidence: High in one function, Moderate in one file: of devm_request_irq() the
//	device's name must be that of the domain's creation, which may yet be another's
// Options: --no-includes
virtual report

// A driver that was refused may free, and try again
@again exists@
expression D;
position p;
@@
device_msi_remove_domain@p(D)
... when != D = ...
device_msi_remove_domain(D)

@requested exists@
expression D, M;
position p != again.p;
position q;
@@
device_msi_remove_domain@p(D)
... when != D = ...
(
free_irq@q(M.virq, ...)
|
free_irq@q(M->virq, ...)
)

@used exists@
expression D;
identifier remove = { device_msi_remove_domain, device_msi_release_domain };
identifier use =~ "^(devm_)?device_msi_|^ims_(array_update|queue_)";
position p != again.p;
position q;
@@
remove@p(D)
... when != D = ...
use@q(D, ...)

@created@
expression dev;
identifier create = { ims_array_create_domain, ims_queue_create_domain };
@@
create(dev, ...)

@managed@
identifier request = { devm_request_irq, devm_request_threaded_irq };
expression M;
expression created.dev;
@@
(
request(dev, M.virq, ...)
|
request(dev, M->virq, ...)
)

@freed exists@
identifier remove = { device_msi_remove_domain, device_msi_release_domain };
identifier free = { devm_free_irq, devres_release_group, device_release_driver };
position p;
@@
free(...)
...
remove@p(...)

@by_hand depends on managed@
identifier remove = { device_msi_remove_domain, device_msi_release_domain };
position p != freed.p;
@@
remove@p(...)

@owned@
expression S;
identifier f;
identifier create = { devm_ims_array_create_domain, devm_ims_queue_create_domain };
@@
S->f = create(...)

@twice@
expression S;
identifier owned.f;
identifier remove = { device_msi_remove_domain, device_msi_release_domain };
position p;
@@
remove@p(S->f)

@script:python depends on report@
p << requested.p;
q << requested.q;
@@
if int(q[0].line) > int(p[0].line):
	coccilib.report.print_report(p[0], "an interrupt is requested until line %s: -EBUSY, and the domain stays; call free_irq() before" % q[0].line)

@script:python depends on report@
p << used.p;
q << used.q;
use << used.use;
@@
if int(q[0].line) > int(p[0].line):
	coccilib.report.print_report(p[0], "%s() on line %s uses the domain that is removed here: -ENODEV; call it before" % (use, q[0].line))

@script:python depends on report@
p << by_hand.p;
@@
coccilib.report.print_report(p[0], "devm_request_irq() keeps interrupts requested until the driver is unbound, after this; call devm_free_irq() before, or create the domain with devm_")

@script:python depends on report@
p << twice.p;
@@
coccilib.report.print_report(p[0], "the domain was created with devm_, which removes it; remove this call, or create it without devm_")
