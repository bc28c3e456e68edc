// SPDX-License-Identifier: GPL-2.0-only
/*
 * Since: v4.5, "x86/irq: Export functions to allow MSI domains in modules"
 * Why: without hierarchical interrupt domains and PCI/MSI there is no parent
 * Halves: it asks for a configuration, which is either set or not
 * Missing: CONFIG_PCI_MSI with hierarchical irq domains in the kernel's configuration
 * Fix: @
 */
#include <linux/kconfig.h>

#if !IS_ENABLED(CONFIG_PCI_MSI) || !IS_ENABLED(CONFIG_IRQ_DOMAIN_HIERARCHY)
#error not configured
#endif
