// SPDX-License-Identifier: GPL-2.0-only
/// A driver of the IMS of Linux 6.2 to 6.9: its calls become those of device MSI, and what
/// a person must decide is named. docs/porting.md has the table.
///
/// The domain was the function's; now it is a pointer that the driver keeps. The calls get it
/// of ims_domain_of(pdev), which you write, or replace with a field of your structure.
///
/// Not rewritten are the domain's template and the chip's callbacks: what they do is the
/// layout of an array, or the operations of a queue. Nor is a cookie: a PASID becomes the
/// sideband of the request, a queue what get_shadow() returns.
//
// Confidence: Moderate
// Options: --no-includes
virtual report
virtual patch

@uses@
identifier call = { pci_create_ims_domain, pci_ims_alloc_irq, pci_ims_free_irq };
@@
call(...)

@depends on patch@
expression pdev, map;
@@
- pci_ims_free_irq(pdev, map)
+ device_msi_free_irq(ims_domain_of(pdev), &pdev->dev, map)

@depends on patch@
expression pdev;
@@
- pci_ims_alloc_irq(pdev, NULL, NULL)
+ device_msi_alloc_irq(ims_domain_of(pdev), &pdev->dev, NULL)

@depends on patch@
expression pdev, E;
@@
- pci_ims_alloc_irq(pdev, NULL, E)
+ device_msi_alloc_irq(ims_domain_of(pdev), &pdev->dev, &(struct device_msi_req){ .affinity = E })

@depends on patch@
expression pdev, index;
symbol MSI_SECONDARY_DOMAIN;
@@
- msi_domain_get_virq(&pdev->dev, MSI_SECONDARY_DOMAIN, index)
+ device_msi_virq(ims_domain_of(pdev), index)

@depends on patch && uses@
@@
  #include <linux/pci.h>
+ #include <ims/ims.h>

@create depends on report@
position p;
@@
pci_create_ims_domain@p(...)

@cookie depends on report@
expression pdev, C != NULL, A;
position p;
@@
pci_ims_alloc_irq@p(pdev, C, A)

@template depends on report@
identifier t;
position p;
@@
struct msi_domain_template t@p = { ... };

@descriptor depends on report@
expression desc;
position p;
@@
(
desc->data@p.icookie
|
desc->data@p.dcookie
)

@seen@
expression pdev, index;
symbol MSI_SECONDARY_DOMAIN;
position p;
@@
msi_domain_get_virq@p(&pdev->dev, MSI_SECONDARY_DOMAIN, index)

@device depends on report@
expression dev, index;
symbol MSI_SECONDARY_DOMAIN;
position p != seen.p;
@@
msi_domain_get_virq@p(dev, MSI_SECONDARY_DOMAIN, index)

@script:python depends on report@
p << create.p;
@@
coccilib.report.print_report(p[0], "decide: messages in device memory: devm_ims_array_create_domain() with a struct ims_layout; by a command: devm_ims_queue_create_domain(); keep what it returns, it is an ERR_PTR and no bool")

@script:python depends on report@
p << cookie.p;
@@
coccilib.report.print_report(p[0], "decide: device_msi_alloc_irq() has a request in place of the cookie; a PASID becomes its .sideband, a pointer what get_shadow() returns")

@script:python depends on report@
p << template.p;
@@
coccilib.report.print_report(p[0], "goes: its callbacks become the layout of an array, or lock, sync and unlock of a queue, where sync returns an error")

@script:python depends on report@
p << descriptor.p;
@@
coccilib.report.print_report(p[0], "goes with the callbacks; who needs what the cookie was keeps it in its own structure")

@script:python depends on report@
p << device.p;
@@
coccilib.report.print_report(p[0], "decide: device_msi_virq() wants the domain, and here no PCI function is named")
