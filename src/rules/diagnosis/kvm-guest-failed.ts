/** The kernel of the host prints the state of a virtual processor that KVM could not run. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const FAILED: Said = {
  title: 'KVM of the host could not run the virtual processor: {what}',
  cause:
    'The kernel of the host printed "{what}": KVM entered the guest and the processor refused its state. With --platform=kvm the guest is the sandbox itself, which asks more of KVM than ordinary virtual machines do. Where the host is a virtual machine (VMware, VirtualBox, Hyper-V, a cloud instance), its nested virtualisation is mostly what falls short; an older kernel or processor may be it, too.',
  confidence: 'likely',
  remedy: [
    'Use --platform=systrap, which needs no virtualisation and is the better choice inside virtual machines.',
    'If it must be kvm: run runsc on real hardware, or where nested virtualisation is complete; update the hypervisor and the kernel of the host.',
    'Report it at github.com/google/gvisor/issues with this dump, uname -a and the model of the processor (lscpu).',
  ],
};

export const kvmGuestFailed = defineRule({
  id: 'kvm-guest-failed',
  severity: 'high',
  leads: 'sandbox-crash',
  title: 'KVM of the host could not run the virtual processor',
  remedy: FAILED.remedy,
  needs: ['tellings', 'runs'],
  sources: ['Linux arch/x86/kvm (vmx.c dump_vmcs, svm.c dump_vmcb)'],
  judge({ tellings, runs }) {
    const [first, ...more] = tellingsOf(tellings, ['kvm-guest-failed'], ({ kind }) => kind !== 'warning');
    if (first === undefined) return { state: 'clear' };
    const what = (first.captures['what'] ?? 'a dump of the guest').replaceAll('*', '').trim();
    return verdictOf([matchOfTellings([first, ...more], FAILED, runs, { what })]);
  },
});
