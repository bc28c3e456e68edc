// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is this a virtual machine? All signs that the kernel exposes are checked. A VMM that
 * hides every one of them looks like a bare machine.
 */
#include <linux/dmi.h>

#include "domains.h"

/* The bit by which firmware declares a VM, in a table of type 0 (SMBIOS 7.1.2.2) */
#define SMBIOS_BIOS_INFORMATION		0
#define SMBIOS_EXTENSION_BYTE_2		0x13
#define SMBIOS_VIRTUAL_MACHINE		0x10

/*
 * Makers of firmware that does not set that bit. A VMM that passes devices through often
 * hides the CPU's hypervisor bit and keeps these names. A name that a cloud also gives
 * to its bare machines must not be here.
 */
static const struct dmi_system_id device_msi_vmm_names[] = {
	{ .matches = { DMI_MATCH(DMI_SYS_VENDOR, "QEMU") } },
	{ .matches = { DMI_MATCH(DMI_SYS_VENDOR, "VMware") } },
	{ .matches = { DMI_MATCH(DMI_SYS_VENDOR, "innotek GmbH") } },
	{ .matches = { DMI_MATCH(DMI_SYS_VENDOR, "Parallels") } },
	{ .matches = { DMI_EXACT_MATCH(DMI_SYS_VENDOR, "Xen") } },
	{ .matches = { DMI_EXACT_MATCH(DMI_PRODUCT_NAME, "KVM") } },
	{ .matches = { DMI_EXACT_MATCH(DMI_BIOS_VENDOR, "Bochs") } },
	{}
};

static void device_msi_dmi_guest(const struct dmi_header *header, void *data)
{
	const u8 *table = (const u8 *)header;
	bool *guest = data;

	if (header->type == SMBIOS_BIOS_INFORMATION &&
	    header->length > SMBIOS_EXTENSION_BYTE_2 &&
	    table[SMBIOS_EXTENSION_BYTE_2] & SMBIOS_VIRTUAL_MACHINE)
		*guest = true;
}

bool device_msi_in_guest(void)
{
	bool guest = device_msi_cpu_in_guest() ||
		     dmi_check_system(device_msi_vmm_names);

	if (!guest)
		dmi_walk(device_msi_dmi_guest, &guest);
	return guest;
}
