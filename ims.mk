# SPDX-License-Identifier: GPL-2.0-only
#
# For the Kbuild of a driver that uses ims, before anything that adds to ccflags-y:
#
#	include $(lastword $(wildcard /usr/src/ims-*/ims.mk /usr/share/ims/ims.mk))
#
# which is where `dkms add` and the package ims-dev have it; or ims.mk at the top of a
# source tree of ims that has been built for the same kernel. It sets the include path, and
# the symbol versions of the ims modules of the kernel that is built for: those of
# that tree, or what dkms has built.

ims-dir := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

# dkms keeps its tree where its configuration says, by release and machine (uname -m)
ims-dkms := $(or $(shell cat /etc/dkms/framework.conf /etc/dkms/framework.conf.d/*.conf \
	2>/dev/null | sed -n 's/^ *dkms_tree="*\([^" ]*\)"*.*/\1/p' | tail -n 1),/var/lib/dkms)
ims-machine := $(or $(if $(CONFIG_X86_64),x86_64),$(if $(CONFIG_ARM64),aarch64),\
	$(if $(CONFIG_RISCV),riscv64))
ims-symvers := $(firstword $(wildcard $(ims-dir)/Module.symvers \
	$(ims-dkms)/ims/kernel-$(KERNELRELEASE)-$(ims-machine)/module/Module.symvers))

# A tree's are of the kernel that it was built for last
ims-release := $(if $(filter $(ims-dir)/%,$(ims-symvers)),$(shell sed -n \
	's/.* for Linux \([^ ]*\): do not edit.*/\1/p' $(ims-dir)/compat/features.h 2>/dev/null))

ccflags-y += -I$(ims-dir)/include
KBUILD_EXTRA_SYMBOLS += $(ims-symvers)
# A driver of Linux 6.2 adds include/ims/compat/6.2 to its include path, for a file or for
# all. It has headers of the kernel's names, so it has to come before the kernel's own.
NOSTDINC_FLAGS += $(filter -I%/include/ims/compat/6.2,\
	$(ccflags-y) $(CFLAGS_$(target-stem).o))

# By itself kbuild does not look again at the versions that a module was built with
modpost-deps += $(ims-symvers)

# Cleaning, which reads no configuration, goes without
ifdef CONFIG_MODULES
ifeq ($(ims-symvers),)
$(error ims: the ims modules are not built for Linux $(KERNELRELEASE); \
run: dkms autoinstall -k $(KERNELRELEASE))
endif
ifneq ($(ims-release),$(KERNELRELEASE))
ifneq ($(ims-release),)
$(error ims: $(ims-dir) was built for Linux $(ims-release), not for $(KERNELRELEASE); \
run: make -C $(ims-dir))
endif
endif
endif
