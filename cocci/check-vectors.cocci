// SPDX-License-Identifier: GPL-2.0-only
/// A driver whose array is the device's MSI-X table asks the kernel for MSI-X as well.
/// The kernel then masks all entries and writes its own messages over those of the store.
/// Whichever comes second fails with -EBUSY, or the interrupts of the store are gone.
///
/// Found are pci_alloc_irq_vectors() with MSI-X among its types, pci_enable_msix_range()
/// and pci_msix_alloc_irq_at(), in a file that creates an array and reads PCI_MSIX_TABLE,
/// where the table is. The array may be elsewhere all the same, or the driver may use one
/// of the two at a time: then it is no mistake.
//
// Confidence: Moderate
// Options: --no-includes
virtual report

@table@
identifier read = { pci_read_config_dword, pci_bus_read_config_dword };
expression dev, E;
@@
read(dev, <+... PCI_MSIX_TABLE ...+>, E)

@array depends on table@
identifier create = { ims_array_create_domain, devm_ims_array_create_domain };
@@
create(...)

@vectors depends on array@
identifier alloc = { pci_alloc_irq_vectors, pci_alloc_irq_vectors_affinity };
symbol PCI_IRQ_MSIX, PCI_IRQ_ALL_TYPES;
expression dev, min, max;
position p;
@@
(
alloc@p(dev, min, max, <+... PCI_IRQ_MSIX ...+>, ...)
|
alloc@p(dev, min, max, <+... PCI_IRQ_ALL_TYPES ...+>, ...)
)

@enable depends on array@
identifier alloc = { pci_enable_msix_range, pci_enable_msix_exact, pci_msix_alloc_irq_at };
position p;
@@
alloc@p(...)

@initialize:python@
@@
def both(p, alloc):
	coccilib.report.print_report(p[0], "%s(): the MSI-X table of this device is the array of ims; ask for PCI_IRQ_MSI or PCI_IRQ_INTX only, or allocate these interrupts from the array, too" % alloc)

@script:python depends on report@
p << vectors.p;
alloc << vectors.alloc;
@@
both(p, alloc)

@script:python depends on report@
p << enable.p;
alloc << enable.alloc;
@@
both(p, alloc)
