// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control: its export must not be found.
 * Export: no_kernel_exports_this_symbol
 */
