/** A form that is being filled in: one for its key on a page, however many parts of the page look at it. What is ready only
 * later goes in as the form then stands, and nowhere once it was sent or emptied. */
import { StorageFull } from "./db";
import { draftOf, dropDraft, isJotted, jotDown, keepDraft, taken, unjot } from "./drafts";

/** A part of what stands in a form, or how one follows from what stands there. */
export type Change<T> = Partial<T> | ((now: T) => Partial<T>);
/** How what stands in one field follows from what stood there. */
export type Step<V> = (before: V) => V;
/** There now, or ready later: a photo, a place. */
export type Later<R> = R | Promise<R>;

export interface Standing<T> {
  value: T;
  known: boolean; // what was kept has been looked for
  full: boolean; // the device has no room: the last changes live in this page only
  busy: boolean; // something is being made ready: what is sent now would go without it
}

const SOON_MS = 2_000; // the database writes every photo with each word: what is jotted down may wait for it

export class Form<T extends object> {
  private now: Standing<T>;
  private early: Change<T>[] = []; // before it was known what lies there
  private typed: Partial<T> = {}; // on this page
  private coming = new Set<Promise<unknown>>(); // another set for what is filled in next
  private soon: { timer: ReturnType<typeof setTimeout>; taken: number } | null = null;
  private keeping = 0; // under way
  private readonly lookers = new Set<() => void>();

  constructor(
    private readonly key: string,
    private readonly blank: T,
  ) {
    this.now = { value: blank, known: false, full: false, busy: false };
  }

  /** What stands in it. */
  readonly standing = (): Standing<T> => this.now;

  /** Be told of every change. Answers how to stop. */
  readonly watch = (looker: () => void): (() => void) => {
    forms.set(this.key, this);
    this.lookers.add(looker);
    if (!this.now.known) void this.look();
    return () => {
      this.lookers.delete(looker);
      if (this.lookers.size === 0) this.keepAtLast();
      this.rest();
    };
  };

  /** Change it now, or once that is ready; a promise that fails is the caller's. */
  readonly change = (what: Later<Change<T>>): void => {
    if (what instanceof Promise) void this.arrives(what);
    else this.apply(what);
  };

  /** Change one field, now or later, from what stands in it then. */
  readonly step = <K extends keyof T>(name: K, how: Later<Step<T[K]>>): void => {
    const whole = (each: Step<T[K]>) => (now: T) => ({ [name]: each(now[name]) }) as unknown as Partial<T>;
    this.change(how instanceof Promise ? how.then(whole) : whole(how));
  };

  /** Put something else in its place. Throws `StorageFull`, and then it stays as it is. */
  readonly replace = async (value: T): Promise<void> => {
    await keepDraft(this.key, value);
    unjot(this.key);
    this.begin(value);
  };

  /** Empty it, here and on the device. */
  readonly clear = (): void => {
    this.begin(this.blank);
    void dropDraft(this.key).catch(() => undefined);
  };

  private begin(value: T): void {
    [this.early, this.typed, this.coming] = [[], {}, new Set()];
    this.notSoon();
    this.tell({ value, known: true, full: false, busy: false });
  }

  private async look(): Promise<void> {
    const before = taken(this.key);
    const kept = await draftOf<T>(this.key).catch(() => undefined);
    if (this.now.known) return; // emptied or replaced meanwhile, or looked for twice
    const early = this.early;
    this.early = [];
    this.tell({ value: { ...this.blank, ...kept }, known: true });
    for (const each of early) this.put(each);
    if ((early.length > 0 || isJotted(this.key)) && taken(this.key) === before) this.keep();
    this.rest();
  }

  private async arrives(what: Promise<Change<T>>): Promise<void> {
    const [mine, before] = [this.coming, taken(this.key)];
    mine.add(what);
    this.tell({ busy: true });
    try {
      const change = await what;
      if (this.coming === mine && taken(this.key) === before) this.apply(change);
    } finally {
      mine.delete(what);
      this.tell({ busy: this.coming.size > 0 });
      this.rest();
    }
  }

  private apply(what: Change<T>): void {
    const part = this.put(what);
    if (Object.keys(part).length === 0) return;
    const jotted = jotDown(this.key, this.typed);
    if (!this.now.known) this.early.push(what); // kept once it is known what lies there
    else if (jotted && !Object.values(part).some(Array.isArray)) this.keepSoon();
    else this.keep();
  }

  private put(what: Change<T>): Partial<T> {
    const part = typeof what === "function" ? (what as (now: T) => Partial<T>)(this.now.value) : what;
    if (Object.keys(part).length === 0) return part;
    this.typed = { ...this.typed, ...part };
    this.tell({ value: { ...this.now.value, ...part } });
    return part;
  }

  private keepSoon(): void {
    this.soon ??= { timer: setTimeout(() => this.keepAtLast(), SOON_MS), taken: taken(this.key) };
  }

  private keepAtLast(): void {
    if (this.soon?.taken === taken(this.key)) this.keep();
    else this.notSoon();
  }

  private notSoon(): void {
    clearTimeout(this.soon?.timer);
    this.soon = null;
  }

  private keep(): void {
    const { value } = this.now;
    this.notSoon();
    this.keeping += 1;
    void keepDraft(this.key, value)
      .then(
        () => {
          if (this.now.value === value) unjot(this.key);
          this.tell({ full: false });
        },
        (error: unknown) => this.tell({ full: error instanceof StorageFull }),
      )
      .finally(() => {
        this.keeping -= 1;
        this.rest();
      });
  }

  private tell(part: Partial<Standing<T>>): void {
    const now = { ...this.now, ...part };
    if ((Object.keys(now) as (keyof Standing<T>)[]).every((each) => now[each] === this.now[each])) return;
    this.now = now;
    this.lookers.forEach((each) => each());
  }

  /** Nobody looks at it, nothing comes and all is kept: the next one who opens it asks the device. A moment later, as a page may change. */
  private rest(): void {
    setTimeout(() => {
      const idle = this.lookers.size === 0 && this.coming.size === 0 && this.keeping === 0 && this.now.known;
      if (idle && forms.get(this.key) === this) forms.delete(this.key);
    });
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each is of the type that its key says
const forms = new Map<string, Form<any>>();

/** The form of a key on this page. */
export function formOf<T extends object>(key: string, blank: T): Form<T> {
  const form = (forms.get(key) as Form<T> | undefined) ?? new Form(key, blank);
  forms.set(key, form);
  return form;
}
