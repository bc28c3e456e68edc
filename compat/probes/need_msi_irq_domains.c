// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why: without hierarchical interrupt domains and PCI/MSI there is no parent
 * Missing: CONFIG_PCI_MSI with hierarchical irq domains in the kernel's configuration
 * Export: irq_domain_alloc_irqs_parent
 * Export: x86_vector_domain
 */
#include <linux/kconfig.h>

#if !IS_ENABLED(CONFIG_PCI_MSI) || !IS_ENABLED(CONFIG_IRQ_DOMAIN_HIERARCHY)
#error not configured
#endif
