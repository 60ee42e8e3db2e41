/** Faults of content, where a download is several requests: what is wrong with the bytes has to wait for the one that brings them. */
import type { FaultPoint, ProviderFault } from './provider-fake.ts';

export interface ContentFaults {
  readonly add: (point: FaultPoint, fault: ProviderFault, times?: number) => void;
  readonly clear: () => void;
  /** Whether this request may meet a fault of downloads. `brings`: whether its answer is the content. */
  readonly isFor: (brings: boolean) => boolean;
}

export function createContentFaults(): ContentFaults {
  let waiting = 0;
  return {
    add(point, fault, times = 1) {
      if (point === 'download' && ['cut', 'lie', 'html'].includes(fault.kind)) waiting += times;
    },
    clear: () => {
      waiting = 0;
    },
    isFor(brings) {
      if (!brings) return waiting === 0;
      waiting = Math.max(0, waiting - 1);
      return true;
    },
  };
}
