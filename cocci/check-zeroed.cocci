// SPDX-License-Identifier: GPL-2.0-only
/// A structure that device MSI reads as a whole is on the stack and was not zeroed. What the
/// driver does not set is then whatever was there: a sideband, an alignment, a flag. Fields
/// that a later version adds mean "as before" only if they are zero.
///
/// Found is a variable without an initialiser, without memset() and without an assignment of
/// a whole, whose fields are set one by one.
//
// Confidence: High
// Options: --no-includes
virtual report

@zeroed exists@
type T;
identifier v;
position p;
@@
T v@p;
...
(
memset(&v, 0, ...)
|
memcpy(&v, ...)
|
v = ...
)

@statics@
type T;
identifier v;
position p;
@@
static T v@p;

@open exists@
identifier v, f;
expression E;
type T = { struct device_msi_req, struct device_msi_listener, struct ims_window, struct ims_array_info, struct ims_queue_info, struct ims_layout };
position p != { zeroed.p, statics.p };
@@
T v@p;
...
v.f = E

@script:python depends on report@
p << open.p;
v << open.v;
@@
coccilib.report.print_report(p[0], "fields of %s that are not set are random; initialise it: = { }" % v)
