/** Numbers of the NVIDIA driver's interface: which device they belong to and what area they are about. */

/** Device files by kind of call. */
export const GPU_DEVICES: Readonly<Record<string, string>> = {
  'control command': '/dev/nvidiactl or /dev/nvidia0',
  'frontend ioctl': '/dev/nvidiactl or /dev/nvidia0',
  'uvm ioctl': '/dev/nvidia-uvm',
  'allocation class': '/dev/nvidiactl or /dev/nvidia0',
  class: '/dev/nvidiactl or /dev/nvidia0',
};

/** Frontend calls by number. Source: NVIDIA open-gpu-kernel-modules, nv-ioctl-numbers.h and nv_escape.h; gVisor pkg/abi/nvgpu */
export const FRONTEND_CALLS: Readonly<Record<number, string>> = {
  200: 'NV_ESC_CARD_INFO',
  201: 'NV_ESC_REGISTER_FD',
  206: 'NV_ESC_ALLOC_OS_EVENT',
  207: 'NV_ESC_FREE_OS_EVENT',
  209: 'NV_ESC_STATUS_CODE',
  210: 'NV_ESC_CHECK_VERSION_STR',
  211: 'NV_ESC_IOCTL_XFER_CMD',
  212: 'NV_ESC_ATTACH_GPUS_TO_FD',
  213: 'NV_ESC_QUERY_DEVICE_INTR',
  214: 'NV_ESC_SYS_PARAMS',
  215: 'NV_ESC_NUMA_INFO',
  216: 'NV_ESC_SET_NUMA_STATUS',
  217: 'NV_ESC_EXPORT_TO_DMABUF_FD',
  218: 'NV_ESC_WAIT_OPEN_COMPLETE',
  0x27: 'NV_ESC_RM_ALLOC_MEMORY',
  0x29: 'NV_ESC_RM_FREE',
  0x2a: 'NV_ESC_RM_CONTROL',
  0x2b: 'NV_ESC_RM_ALLOC',
  0x34: 'NV_ESC_RM_DUP_OBJECT',
  0x35: 'NV_ESC_RM_SHARE',
  0x41: 'NV_ESC_RM_IDLE_CHANNELS',
  0x4a: 'NV_ESC_RM_VID_HEAP_CONTROL',
  0x4e: 'NV_ESC_RM_MAP_MEMORY',
  0x4f: 'NV_ESC_RM_UNMAP_MEMORY',
  0x54: 'NV_ESC_RM_ALLOC_CONTEXT_DMA2',
  0x57: 'NV_ESC_RM_MAP_MEMORY_DMA',
  0x58: 'NV_ESC_RM_UNMAP_MEMORY_DMA',
  0x5e: 'NV_ESC_RM_UPDATE_DEVICE_MAPPING_INFO',
};

/** The upper half of a control command is the class of the object that it is sent to. */
const OBJECTS: Readonly<Record<number, string>> = {
  0x0000: 'the driver itself (root client)',
  0x0080: 'a device',
  0x00f8: 'a memory fabric',
  0x0041: 'a root client',
  0x2080: 'a GPU (subdevice)',
  0x2081: 'a binary API of the GPU',
  0x503c: 'a third-party peer-to-peer object',
  0x5080: 'a deferred call',
  0x83de: 'a debugger session',
  0x906f: 'a channel',
  0x9067: 'a subcontext',
  0xa06c: 'a channel group',
  0xb0cc: 'a profiler session',
  0xc36f: 'a channel',
  0xc56f: 'a channel',
  0xcb33: 'confidential computing',
};

/** The third byte of a command to a subdevice (0x2080) is its area. Source: open-gpu-kernel-modules, ctrl2080base.h */
const AREAS: Readonly<Record<number, { readonly name: string; readonly isMonitoring?: true }>> = {
  0x01: { name: 'GPU: its identity and state' },
  0x02: { name: 'FUSE: fuses of the chip' },
  0x03: { name: 'EVENT: notifications' },
  0x04: { name: 'TIMER: clocks of the GPU' },
  0x05: { name: 'THERMAL: temperatures', isMonitoring: true },
  0x06: { name: 'I2C' },
  0x08: { name: 'BIOS: versions of the firmware', isMonitoring: true },
  0x10: { name: 'CLK: clock rates', isMonitoring: true },
  0x11: { name: 'FIFO: channels of work' },
  0x12: { name: 'GR: the compute engine' },
  0x13: { name: 'FB: the memory of the GPU' },
  0x17: { name: 'MC: the architecture of the chip' },
  0x18: { name: 'BUS: PCI Express' },
  0x20: { name: 'PERF: performance states and utilisation', isMonitoring: true },
  0x22: { name: 'RC: recovery from errors' },
  0x23: { name: 'GPIO' },
  0x26: { name: 'POWER: power limits', isMonitoring: true },
  0x27: { name: 'POWER: power states', isMonitoring: true },
  0x2a: { name: 'CE: the copy engines' },
  0x30: { name: 'NVLINK: links between GPUs' },
  0x34: { name: 'ECC: memory errors', isMonitoring: true },
  0x35: { name: 'FLA: memory of other GPUs' },
  0x36: { name: 'GSP: the processor of the firmware' },
  0x37: { name: 'NNE' },
  0x38: { name: 'GRMGR: partitions of the GPU' },
  0x3a: { name: 'DMABUF: memory shared with other devices' },
  0x3b: { name: 'BIF' },
};

export type GpuCall = { readonly about: string; readonly isMonitoring: boolean };

/** What a number is about, as far as its parts tell. */
export function gpuCall(what: string, number: number): GpuCall {
  if (what === 'frontend ioctl') {
    const name = FRONTEND_CALLS[number];
    return { about: name === undefined ? '' : ` (${name})`, isMonitoring: false };
  }
  if (what !== 'control command') return { about: '', isMonitoring: false };
  const object = (number >>> 16) & 0xffff;
  const area = object === 0x2080 ? AREAS[(number >>> 8) & 0xff] : undefined;
  const whom = OBJECTS[object];
  if (area !== undefined) {
    return { about: `, which asks ${whom ?? ''} for ${area.name}`, isMonitoring: area.isMonitoring === true };
  }
  return { about: whom === undefined ? '' : `, which is sent to ${whom}`, isMonitoring: false };
}
