/** What Lumino and JupyterLab touch and jsdom lacks. */

class StillObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

function add(name: string, value: unknown): void {
  // Some are there and undefined.
  if ((globalThis as Record<string, unknown>)[name] === undefined) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

add('DragEvent', class extends MouseEvent {});
add('ResizeObserver', StillObserver);
add('IntersectionObserver', StillObserver);
add('matchMedia', () => ({
  matches: false,
  addEventListener(): void {},
  removeEventListener(): void {}
}));
add('requestIdleCallback', (callback: IdleRequestCallback) =>
  setTimeout(() => callback({ didTimeout: false, timeRemaining: () => 50 }), 0)
);
add('cancelIdleCallback', (id: number) => clearTimeout(id));
