// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a RISC-V machine shows of a hypervisor.
 */
#include <linux/kernel.h>
#include <linux/of.h>
#include <asm/sbi.h>

#include "domains.h"

#ifdef CONFIG_RISCV_SBI
/* Numbers of those that call themselves hypervisors (SBI specification, 4.9) */
static const long device_msi_hypervisors[] = {
	2,	/* Xvisor */
	3,	/* KVM */
	5,	/* Diosix */
	7,	/* Xen */
	11,	/* bhyve */
};

/* What calls of the firmware (SBI) end in says which implementation of it that is */
static bool device_msi_sbi_is_hypervisor(void)
{
	struct sbiret ret = sbi_ecall(SBI_EXT_BASE, SBI_EXT_BASE_GET_IMP_ID,
				      0, 0, 0, 0, 0, 0);
	unsigned int i;

	for (i = 0; !ret.error && i < ARRAY_SIZE(device_msi_hypervisors); i++)
		if (ret.value == device_msi_hypervisors[i])
			return true;
	return false;
}
#else
static bool device_msi_sbi_is_hypervisor(void)
{
	return false;
}
#endif

/* A machine tree that says so was made by a VMM: "riscv-virtio" by QEMU */
bool device_msi_cpu_in_guest(void)
{
	return device_msi_sbi_is_hypervisor() ||
	       of_machine_is_compatible("riscv-virtio") ||
	       of_machine_is_compatible("linux,dummy-virt");
}
