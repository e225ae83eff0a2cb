import { ALIGNMENT, align } from './call.ts';

/** tfjs's allocator, as its wasm module exports it. */
interface Allocator {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** What is wanted beyond this is asked for and given back by each call. */
const MOST_KEPT = 4 * 2 ** 20;

interface Arena {
  /** Room until the call ends, aligned; 0 where there is none left. */
  reserve(bytes: number): number;
}

interface Room {
  /** As it was given; 0 is none. */
  address: number;
  bytes: number;
  /** The most that a call has wanted. */
  wanted: number;
}

const rooms = new WeakMap<Allocator, Room>();

/**
 * Room for one call after the other to work in, on tfjs's heap. It stays: tfjs's book of tensors would cost more than many a
 * kernel. It is as large as the largest call wanted.
 */
export function heapArena(allocator: Allocator): Arena {
  let room = rooms.get(allocator);
  if (!room) {
    room = { address: 0, bytes: 0, wanted: 0 };
    rooms.set(allocator, room);
  }
  if (room.wanted > room.bytes) grow(allocator, room);
  const { address, bytes } = room;
  const start = align(address);
  let used = 0;
  return {
    reserve(size) {
      const at = start + used;
      used += align(size);
      if (used <= MOST_KEPT) room.wanted = Math.max(room.wanted, used);
      return used <= bytes ? at : 0;
    },
  };
}

function grow(allocator: Allocator, room: Room): void {
  const { address, wanted } = room;
  // Nothing that fails from here on may leave an address that has been given back.
  Object.assign(room, { address: 0, bytes: 0 });
  if (address !== 0) allocator._free(address);
  room.address = addressOrNone(() => allocator._malloc(wanted + ALIGNMENT));
  if (room.address !== 0) room.bytes = wanted;
}

/** 0 where there is no more: each call then asks for its own, and hears why not. */
function addressOrNone(allocate: () => number): number {
  try {
    // Beyond 2 GiB it comes as a negative number.
    return allocate() >>> 0;
  } catch {
    return 0;
  }
}
