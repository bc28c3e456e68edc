// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an arm64 machine shows of a hypervisor.
 */
#include <linux/arm-smccc.h>
#include <linux/of.h>

#include "domains.h"

/*
 * Firmware is called by SMC where Linux has, or could have, EL2. By HVC it is called at
 * EL1 below something that has EL2: a hypervisor. A machine tree that says so was made by
 * a VMM.
 */
bool device_msi_cpu_in_guest(void)
{
	return arm_smccc_1_1_get_conduit() == SMCCC_CONDUIT_HVC ||
	       of_machine_is_compatible("linux,dummy-virt");
}
