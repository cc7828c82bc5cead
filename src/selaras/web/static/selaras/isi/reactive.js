/* What the engine changes is drawn again: a state tells who read it, an effect runs anew when what it read has changed.
   The engine asks for nothing else of a view (its `stateFactory`), so no library is needed. */

let reading = null;
const waiting = new Set();

/** An object that remembers which effects read which of its properties. */
export function stateFactory(object) {
  const readers = new Map();
  return new Proxy(object, {
    get(target, key) {
      if (reading) {
        if (!readers.has(key)) readers.set(key, new Set());
        readers.get(key).add(reading);
        reading.sources.add(readers.get(key));
      }
      return target[key];
    },
    set(target, key, value) {
      const changed = target[key] !== value;
      target[key] = value;
      if (changed) for (const each of readers.get(key) ?? []) plan(each);
      return true;
    },
  });
}

/** Effects that end together: those of one member of the family, or of the whole form. */
export class Scope {
  constructor(parent = null) {
    this.effects = [];
    this.endings = [];
    parent?.onStop(() => this.stop());
  }

  /** Run now, and after each change of what it read. */
  effect(run) {
    const each = { run, sources: new Set(), stopped: false };
    this.effects.push(each);
    perform(each);
  }

  onStop(run) {
    this.endings.push(run);
  }

  stop() {
    this.effects.forEach((each) => { each.stopped = true; forget(each); });
    this.endings.forEach((run) => run());
    this.effects = [];
    this.endings = [];
  }
}

/** What it reads is nobody's business. */
export function untracked(run) {
  const before = reading;
  reading = null;
  try {
    return run();
  } finally {
    reading = before;
  }
}

function perform(each) {
  if (each.stopped) return;
  forget(each);
  const before = reading;
  reading = each;
  try {
    each.run();
  } finally {
    reading = before;
  }
}

function forget(each) {
  each.sources.forEach((readers) => readers.delete(each));
  each.sources.clear();
}

function plan(each) {
  if (!waiting.size) queueMicrotask(catchUp);
  waiting.add(each);
}

function catchUp() {
  /* An effect may change a state that another has read: until nothing waits. */
  for (const each of waiting) {
    waiting.delete(each);
    try {
      perform(each);
    } catch (error) {
      reportError(error);
    }
  }
}
