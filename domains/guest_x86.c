// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a CPU of x86 shows of a hypervisor.
 */
#include <asm/cpufeature.h>
#include <asm/hypervisor.h>

#include "domains.h"

/* Does the CPU, or what Linux has recognised by it, say that this is a virtual machine? */
bool device_msi_cpu_in_guest(void)
{
	return boot_cpu_has(X86_FEATURE_HYPERVISOR) ||
	       !hypervisor_is_type(X86_HYPER_NATIVE);
}
