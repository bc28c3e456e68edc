// SPDX-License-Identifier: GPL-2.0-only
/// Bus mastering is enabled before the array's domain is created. The slots may hold messages
/// of firmware, or of a kernel that ran before (kexec, a crash), and the device sends
/// them as soon as it may. Creation makes every slot masked and empty.
///
/// Found is that order in one function, also if one of the two steps, or each, is in
/// a function of the same file that it calls. A queue store may need bus mastering for its
/// commands: that is not found.
//
// Confidence: High
// Options: --no-includes
virtual report

@masters@
identifier master;
@@
master(...)
{
	... when any
	pci_set_master(...)
	... when any
}

@creates@
identifier creator;
identifier create = { ims_array_create_domain, devm_ims_array_create_domain };
@@
creator(...)
{
	<+...
	create(...)
	...+>
}

@direct exists@
identifier create = { ims_array_create_domain, devm_ims_array_create_domain };
position p, q;
@@
pci_set_master@p(...)
... when != pci_clear_master(...)
create@q(...)

@create_called exists@
identifier creates.creator;
position p, q;
@@
pci_set_master@p(...)
... when != pci_clear_master(...)
creator@q(...)

@master_called exists@
identifier masters.master;
identifier create = { ims_array_create_domain, devm_ims_array_create_domain };
position p, q;
@@
master@p(...)
... when != pci_clear_master(...)
create@q(...)

@both_called exists@
identifier masters.master;
identifier creates.creator;
position p, q;
@@
master@p(...)
... when != pci_clear_master(...)
creator@q(...)

@initialize:python@
@@
def early(p, q):
	if int(q[0].line) > int(p[0].line):
		coccilib.report.print_report(p[0], "bus mastering before the array is masked and empty (line %s): its slots may send what was in them; call pci_set_master() after" % q[0].line)

@script:python depends on report@
p << direct.p;
q << direct.q;
@@
early(p, q)

@script:python depends on report@
p << create_called.p;
q << create_called.q;
@@
early(p, q)

@script:python depends on report@
p << master_called.p;
q << master_called.q;
@@
early(p, q)

@script:python depends on report@
p << both_called.p;
q << both_called.q;
@@
early(p, q)
