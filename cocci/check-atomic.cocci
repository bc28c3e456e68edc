// SPDX-License-Identifier: GPL-2.0-only
/// A function of device MSI is called in atomic context. All of them are for process context
/// and may sleep; called otherwise they do nothing: -EINVAL, or a message in the log.
///
/// Found are calls under a spin lock, with interrupts off, or in a read-copy-update section,
/// in the same function; in a function that request_irq(), a timer, a tasklet, or the
/// listener of a store (msg_changed) calls. Threads of interrupts may call them.
//
// Confidence: High
// Options: --no-includes
virtual report

@locked exists@
identifier lock = { spin_lock, spin_lock_irq, spin_lock_irqsave, spin_lock_bh, raw_spin_lock, raw_spin_lock_irq, raw_spin_lock_irqsave, raw_spin_lock_bh, read_lock, write_lock, read_lock_irq, write_lock_irq, read_lock_irqsave, write_lock_irqsave, read_lock_bh, write_lock_bh };
identifier unlock = { spin_unlock, spin_unlock_irq, spin_unlock_irqrestore, spin_unlock_bh, raw_spin_unlock, raw_spin_unlock_irq, raw_spin_unlock_irqrestore, raw_spin_unlock_bh, read_unlock, write_unlock, read_unlock_irq, write_unlock_irq, read_unlock_irqrestore, write_unlock_irqrestore, read_unlock_bh, write_unlock_bh };
identifier api =~ "^(devm_)?(device_msi|ims_array|ims_queue)_[a-z_]+$";
expression L;
position p, q;
@@
lock@p(L, ...)
... when != unlock(L, ...)
api@q(...)

@off exists@
identifier lock = { local_irq_disable, local_irq_save, local_bh_disable, preempt_disable, rcu_read_lock };
identifier unlock = { local_irq_enable, local_irq_restore, local_bh_enable, preempt_enable, rcu_read_unlock };
identifier api =~ "^(devm_)?(device_msi|ims_array|ims_queue)_[a-z_]+$";
position p, q;
@@
lock@p(...)
... when != unlock(...)
api@q(...)

@guarded exists@
symbol spinlock, spinlock_irq, spinlock_irqsave, raw_spinlock, raw_spinlock_irq, raw_spinlock_irqsave;
identifier api =~ "^(devm_)?(device_msi|ims_array|ims_queue)_[a-z_]+$";
expression L;
position p, q;
@@
(
guard(spinlock)(L@p);
|
guard(spinlock_irq)(L@p);
|
guard(spinlock_irqsave)(L@p);
|
guard(raw_spinlock)(L@p);
|
guard(raw_spinlock_irq)(L@p);
|
guard(raw_spinlock_irqsave)(L@p);
)
...
api@q(...)

@scoped exists@
iterator name scoped_guard;
identifier lock = { spinlock, spinlock_irq, spinlock_irqsave, spinlock_bh, raw_spinlock, raw_spinlock_irq, raw_spinlock_irqsave };
identifier api =~ "^(devm_)?(device_msi|ims_array|ims_queue)_[a-z_]+$";
expression L;
position p, q;
@@
scoped_guard(lock, L@p) {
	... when any
	api@q(...)
	... when any
}

@called@
identifier handler;
expression e, e2;
@@
(
request_irq(e, handler, ...)
|
request_threaded_irq(e, handler, ...)
|
request_percpu_irq(e, handler, ...)
|
devm_request_irq(e, e2, handler, ...)
|
devm_request_threaded_irq(e, e2, handler, ...)
|
pci_request_irq(e, e2, handler, ...)
|
timer_setup(e, handler, ...)
|
tasklet_setup(e, handler)
|
tasklet_init(e, handler, ...)
)

@named@
identifier listener, handler;
@@
struct device_msi_listener listener = { ..., .msg_changed = handler, ..., };

@assigned@
identifier handler;
expression S;
@@
(
S.msg_changed = handler
|
S->msg_changed = handler
)

@inside exists@
identifier called.handler;
identifier api =~ "^(devm_)?(device_msi|ims_array|ims_queue)_[a-z_]+$";
position q;
@@
handler(...)
{
	... when any
	api@q(...)
	... when any
}

@inside_named exists@
identifier named.handler;
identifier api =~ "^(devm_)?(device_msi|ims_array|ims_queue)_[a-z_]+$";
position q;
@@
handler(...)
{
	... when any
	api@q(...)
	... when any
}

@inside_assigned exists@
identifier assigned.handler;
identifier api =~ "^(devm_)?(device_msi|ims_array|ims_queue)_[a-z_]+$";
position q;
@@
handler(...)
{
	... when any
	api@q(...)
	... when any
}

@initialize:python@
@@
def under(p, q, api):
	if int(q[0].line) >= int(p[0].line):
		coccilib.report.print_report(q[0], "%s() may sleep, and is called in the section that begins on line %s; call it outside, or use a mutex" % (api, p[0].line))

def within(q, api, handler):
	coccilib.report.print_report(q[0], "%s() may sleep, and %s() is called in atomic context; call it in a work item or in the interrupt's thread" % (api, handler))

@script:python depends on report@
p << locked.p;
q << locked.q;
api << locked.api;
@@
under(p, q, api)

@script:python depends on report@
p << off.p;
q << off.q;
api << off.api;
@@
under(p, q, api)

@script:python depends on report@
p << guarded.p;
q << guarded.q;
api << guarded.api;
@@
under(p, q, api)

@script:python depends on report@
p << scoped.p;
q << scoped.q;
api << scoped.api;
@@
under(p, q, api)

@script:python depends on report@
q << inside.q;
api << inside.api;
handler << called.handler;
@@
within(q, api, handler)

@script:python depends on report@
q << inside_named.q;
api << inside_named.api;
handler << named.handler;
@@
within(q, api, handler)

@script:python depends on report@
q << inside_assigned.q;
api << inside_assigned.api;
handler << assigned.handler;
@@
within(q, api, handler)
