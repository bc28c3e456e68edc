# SPDX-License-Identifier: GPL-2.0-only
#
# make              build the modules for the running kernel
# make samples      and the sample vendor drivers
# make install      install the modules (dkms does this for you); make uninstall
# make tools        build lsims, which needs libsmartcols-dev; make install-tools (PREFIX
#                   and DESTDIR)
# make demo         see interrupts arrive on a stock kernel in a VM (DEVICE=ims: 4096
#                   slots in a queue store and in an array)
# make device       start a device with an IMS, for a QEMU of yours: devices/ims/README.md
#                   (SOCKET=path LAYOUT="slots0=64 stride=32")
# make test         run every suite but failslab (SUITE=array KERNEL=6.1 narrow it,
#                   EVERY=1 widens it; SUITE=quick is a few minutes)
# make check        static checks
# make cocci-check  look for mistakes with ims in a driver: DIR=folder of its sources
# make cocci-port   a patch for a driver of the IMS of Linux 6.2: DIR=folder
# make docs         write the pictures, the page of the parameters, and the API as man
#                   pages and HTML (docs/api/)
#                   (DOCS=kernels: boot every kernel, and write the table of
#                   docs/kernels.md; DOCS=bench: write docs/performance.md)
# make deb          build the Debian packages (OUT=folder)
# make rpm          build the RPMs (OUT=folder)
# make mutants      does a test notice each small change? For a night (tests/mutants)
# make bench        what interrupts cost, beside MSI-X (KERNEL=6.12 JSON=1 SITES=1
#                   PLOT=file.svg; ARCH=arm64 or riscv64; tests/bench/run has more)
# make compile_commands  compile_commands.json for clangd, of the running kernel
# make help         these lines
#
# KDIR=... names another kernel's headers or build tree.

KDIR ?= /lib/modules/$(shell uname -r)/build

# What kbuild reads of the environment, and would take another kernel's files for ours
unexport KBUILD_OUTPUT KBUILD_EXTMOD KBUILD_EXTMOD_OUTPUT KBUILD_SRC KCONFIG_CONFIG
unexport KBUILD_EXTRA_SYMBOLS CPATH C_INCLUDE_PATH
# and what has modpost do less than it should
unexport $(filter KBUILD_MODPOST_%,$(.VARIABLES))
given = $(foreach v,O M MO KBUILD_OUTPUT KBUILD_EXTMOD KBUILD_EXTMOD_OUTPUT,\
	$(if $(findstring command,$(origin $(v))),$(v)))

# A kernel that clang has built takes its tools, unless make is told others
ifeq ($(findstring command,$(origin CC)),)
ifneq ($(shell grep -s '^CONFIG_CC_IS_CLANG=y' "$(KDIR)/include/config/auto.conf"),)
export LLVM ?= 1
endif
endif

kbuild = -C $(KDIR) M=$(1)
alone = sh compat/alone.sh "$(1)"
failed = { sh compat/failed.sh $(1); exit 1; }

modules: headers
	@$(call alone,$(CURDIR)) $(MAKE) $(call kbuild,$(CURDIR)) modules || \
		$(call failed,$(CURDIR))

# Built as a vendor builds: from the public headers and the exported symbols
samples tests: modules
	@$(call alone,$(CURDIR)/$@) $(MAKE) $(call kbuild,$(CURDIR)/$@) IMS=$(CURDIR) modules || \
		$(call failed,$(CURDIR)/$@)

# kbuild installs into INSTALL_MOD_DIR, which it calls "updates" or "extra", leaves
# depmod out for a kernel without a System.map, and complains of a key that only who
# built the kernel has
release = $$(sed -n 's/^\#define UTS_RELEASE "\(.*\)"/\1/p' \
	"$(KDIR)/include/generated/utsrelease.h")
folder = $(or $(INSTALL_MOD_DIR),updates)
installed = $(INSTALL_MOD_PATH)/lib/modules/$(release)/$(folder)
root = $(if $(INSTALL_MOD_PATH),-b "$(INSTALL_MOD_PATH)")
install: modules
	$(MAKE) $(call kbuild,$(CURDIR)) INSTALL_MOD_DIR=$(folder) modules_install \
		$(if $(wildcard $(KDIR)/certs/signing_key.*),,CONFIG_MODULE_SIG_ALL=)
	depmod $(root) "$(release)"
	@sh compat/installed.sh "$(INSTALL_MOD_PATH)" "$(release)" "$(folder)"

uninstall:
	rm -f $(foreach m,core array queue 2020 62 vfio,"$(installed)"/ims_$(m).ko*)
	depmod $(root) "$(release)"
	@sh compat/installed.sh "$(INSTALL_MOD_PATH)" "$(release)"

clean: headers
	$(MAKE) $(call kbuild,$(CURDIR)) clean
	$(MAKE) $(call kbuild,$(CURDIR)/samples) IMS=$(CURDIR) clean
	$(MAKE) $(call kbuild,$(CURDIR)/tests) IMS=$(CURDIR) clean

# A program, for which no kernel is needed
tools install-tools:
	$(MAKE) -C tools/lsims $(if $(filter tools,$@),lsims,install)

headers:
	@sh compat/headers.sh "$(KDIR)" $(given)

demo:
	@tests/demo/run

device:
	@devices/ims/server --wait "$(or $(SOCKET),$${XDG_RUNTIME_DIR:-/tmp}/ims.socket)" $(LAYOUT)

test:
	@EVERY="$(EVERY)" tests/run "$(SUITE)" "$(KERNEL)"

check:
	@tests/run check

cocci-check:
	@cocci/check "$(DIR)"

cocci-port:
	@cocci/port "$(DIR)"

docs: $(addprefix docs-,$(or $(DOCS),pages))

docs-pages:
	@tests/vm/docs

docs-kernels:
	@IMS_WRITE_DOCS=1 tests/run kernels

docs-bench:
	@IMS_WRITE_DOCS=1 tests/bench/run $(KERNEL)

mutants:
	@tests/mutants/run

bench:
	@tests/bench/run $(KERNEL)

deb:
	@tests/vm/deb "$(OUT)"

rpm:
	@tests/vm/rpm "$(OUT)"

compile_commands: samples tests
	@tests/compile_commands "$(KDIR)"

help:
	@sed -n '3,/^$$/s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

.PHONY: modules samples tests tools install-tools install uninstall clean headers demo device test check cocci-check cocci-port \
	docs docs-pages docs-kernels docs-bench mutants bench deb rpm compile_commands help
