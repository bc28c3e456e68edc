# SPDX-License-Identifier: GPL-2.0-only
#
# For the Kbuild of a driver that uses ims, before anything that adds to ccflags-y:
#
#	include /usr/share/ims/ims.mk
#
# or ims.mk at the top of a source tree of ims that has been built for the same
# kernel. It sets the include path, and the symbol versions of the ims modules of
# the kernel that is built for: those of that tree, or what ims-dkms has built.

ims-dir := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
ims-symvers := $(firstword $(wildcard $(ims-dir)/Module.symvers \
	/var/lib/dkms/ims/kernel-$(KERNELRELEASE)-*/module/Module.symvers))

ccflags-y += -I$(ims-dir)/include
KBUILD_EXTRA_SYMBOLS += $(ims-symvers)

# Cleaning, which reads no configuration, goes without
ifdef CONFIG_MODULES
ifeq ($(ims-symvers),)
$(error ims: the ims modules are not built for Linux $(KERNELRELEASE); \
run: dkms autoinstall -k $(KERNELRELEASE))
endif
endif
