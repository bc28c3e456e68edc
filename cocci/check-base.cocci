// SPDX-License-Identifier: GPL-2.0-only
/// What a window has for memory is the result of a function that returns an ERR_PTR, and
/// nobody asks IS_ERR(). The store notices, and refuses with -EINVAL; the driver's probe()
/// should end with the function's own error, which may be -EPROBE_DEFER. An offset that
/// is added to such a pointer hides it from the store, too.
///
/// Found is a result that is never checked in its function, or only for NULL.
//
// Confidence: High
// Options: --no-includes
virtual report

@checked exists@
expression E;
identifier map = { devm_ioremap_resource, devm_ioremap_resource_wc, devm_platform_ioremap_resource, devm_platform_ioremap_resource_byname, devm_platform_get_and_ioremap_resource, devm_of_iomap, devm_pci_remap_cfg_resource, pcim_iomap_region };
identifier check = { IS_ERR, IS_ERR_OR_NULL, PTR_ERR_OR_ZERO };
position p;
@@
E = map@p(...)
... when != E = ...
check(<+... E ...+>)

@checked_field exists@
identifier w;
identifier memory = { base, index, ctrl, mask, pending };
identifier map = { devm_ioremap_resource, devm_ioremap_resource_wc, devm_platform_ioremap_resource, devm_platform_ioremap_resource_byname, devm_platform_get_and_ioremap_resource, devm_of_iomap, devm_pci_remap_cfg_resource, pcim_iomap_region };
identifier check = { IS_ERR, IS_ERR_OR_NULL, PTR_ERR_OR_ZERO };
position p;
@@
struct ims_window w = { ..., .memory = map@p(...), ..., };
...
check(<+... w.memory ...+>)

@initialised@
identifier w;
identifier memory = { base, index, ctrl, mask, pending };
identifier map = { devm_ioremap_resource, devm_ioremap_resource_wc, devm_platform_ioremap_resource, devm_platform_ioremap_resource_byname, devm_platform_get_and_ioremap_resource, devm_of_iomap, devm_pci_remap_cfg_resource, pcim_iomap_region };
position p != checked_field.p;
@@
struct ims_window w = { ..., .memory = map@p(...), ..., };

@window exists@
struct ims_window w;
identifier memory = { base, index, ctrl, mask, pending };
identifier map = { devm_ioremap_resource, devm_ioremap_resource_wc, devm_platform_ioremap_resource, devm_platform_ioremap_resource_byname, devm_platform_get_and_ioremap_resource, devm_of_iomap, devm_pci_remap_cfg_resource, pcim_iomap_region };
position p != checked.p;
@@
w.memory = map@p(...)

@variable exists@
expression E;
struct ims_window w;
identifier memory = { base, index, ctrl, mask, pending };
identifier map = { devm_ioremap_resource, devm_ioremap_resource_wc, devm_platform_ioremap_resource, devm_platform_ioremap_resource_byname, devm_platform_get_and_ioremap_resource, devm_of_iomap, devm_pci_remap_cfg_resource, pcim_iomap_region };
position p != checked.p;
@@
E = map@p(...)
...
w.memory = <+... E ...+>

@initial exists@
expression E;
identifier w;
identifier memory = { base, index, ctrl, mask, pending };
identifier map = { devm_ioremap_resource, devm_ioremap_resource_wc, devm_platform_ioremap_resource, devm_platform_ioremap_resource_byname, devm_platform_get_and_ioremap_resource, devm_of_iomap, devm_pci_remap_cfg_resource, pcim_iomap_region };
position p != checked.p;
@@
E = map@p(...)
...
struct ims_window w = { ..., .memory = <+... E ...+>, ..., };

@initialize:python@
@@
def unchecked(p, map):
	coccilib.report.print_report(p[0], "%s() returns an ERR_PTR, which is no memory of a window; return PTR_ERR() of it if IS_ERR()" % map)

@script:python depends on report@
p << initialised.p;
map << initialised.map;
@@
unchecked(p, map)

@script:python depends on report@
p << window.p;
map << window.map;
@@
unchecked(p, map)

@script:python depends on report@
p << variable.p;
map << variable.map;
@@
unchecked(p, map)

@script:python depends on report@
p << initial.p;
map << initial.map;
@@
unchecked(p, map)
