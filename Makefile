# SPDX-License-Identifier: GPL-2.0-only
#
# make              build the modules for the running kernel
# make samples      and the sample vendor drivers
# make install      install the modules (dkms does this for you)
# make demo         see interrupts arrive on a stock kernel in a VM
# make test         run every suite but failslab (SUITE=array KERNEL=6.1 narrow it,
#                   EVERY=1 widens it; SUITE=quick is a few minutes)
# make docs         write what the suite kernels says into docs/kernels.md
# make check        static checks
# make deb          build the Debian packages (OUT=folder)
# make mutants      does a test notice each small change? For a night (tests/mutants)
# make bench        what an interrupt costs, beside MSI-X (KERNEL=6.12 SITES=1)
#
# KDIR=... names another kernel's headers or build tree.

KDIR ?= /lib/modules/$(shell uname -r)/build
kbuild = -C $(KDIR) M=$(1)
failed = { sh compat/failed.sh $(1); exit 1; }

modules: headers
	$(MAKE) $(call kbuild,$(CURDIR)) modules || \
		$(call failed,$(CURDIR))

# Built as a vendor builds: from the public headers and the exported symbols
samples tests/modules: modules
	$(MAKE) $(call kbuild,$(CURDIR)/$@) IMS=$(CURDIR) modules || \
		$(call failed,$(CURDIR)/$@)

install: modules
	$(MAKE) $(call kbuild,$(CURDIR)) modules_install

clean: headers
	$(MAKE) $(call kbuild,$(CURDIR)) clean
	$(MAKE) $(call kbuild,$(CURDIR)/samples) IMS=$(CURDIR) clean
	$(MAKE) $(call kbuild,$(CURDIR)/tests/modules) IMS=$(CURDIR) clean

headers:
	@CC_GIVEN="$(filter command,$(origin CC))" sh compat/headers.sh "$(KDIR)"

demo:
	@tests/demo

test:
	@EVERY="$(EVERY)" tests/run "$(SUITE)" "$(KERNEL)"

docs:
	@IMS_WRITE_DOCS=1 tests/run kernels

check:
	@tests/run check

mutants:
	@tests/mutants/run

bench:
	@SITES="$(SITES)" tests/bench $(KERNEL)

deb:
	@tests/vm/deb "$(OUT)"

.PHONY: modules samples tests/modules install clean headers demo test docs \
	check mutants bench deb
