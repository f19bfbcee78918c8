/** Builds the service worker beside the pages: one plain file at the door, which knows what the shells load. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { build, type Plugin } from "vite";

/** `pages`: the address of each shell that works offline, by the name of its entry. */
export function offlineWorker(pages: Record<string, string>): Plugin {
  let outDir = "";
  return {
    name: "offline-worker",
    apply: "build",
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const shells = shellsOf(outDir, pages);
      await build({
        configFile: false,
        logLevel: "warn",
        define: { __SHELLS__: JSON.stringify(shells) },
        resolve: { alias: { "@": resolve("src") } },
        publicDir: false,
        build: {
          outDir,
          emptyOutDir: false,
          target: ["es2022", "chrome87", "safari14"],
          lib: { entry: resolve("src/offline/worker.ts"), formats: ["iife"], name: "worker", fileName: () => "worker.js" },
        },
      });
    },
  };
}

interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

const HEAVY = /map|chart/i; // comes when somebody wants it, and is kept from then on

/** What each shell loads before anything is asked for, and its lazy pages, from the build's manifest; and a stamp of all. */
function shellsOf(outDir: string, pages: Record<string, string>) {
  const manifest = JSON.parse(readFileSync(resolve(outDir, "manifest.json"), "utf8")) as Record<string, Chunk>;
  const files = new Set<string>();
  const take = (name: string) => {
    const chunk = manifest[name];
    if (!chunk || files.has(`/${chunk.file}`)) return;
    files.add(`/${chunk.file}`);
    chunk.css?.forEach((each) => files.add(`/${each}`));
    chunk.imports?.forEach(take);
    chunk.dynamicImports?.filter((each) => !HEAVY.test(each)).forEach(take);
  };
  const stamp = createHash("sha256");
  for (const entry of Object.keys(pages)) {
    take(`${entry}.html`);
    stamp.update(readFileSync(resolve(outDir, `${entry}.html`)));
  }
  const door = existsSync("public") ? readdirSync("public").map((each) => `/${each}`) : [];
  const all = [...[...files].sort(), ...door.sort()];
  const known = Object.fromEntries(Object.values(pages).map((path) => [path, path]));
  return { stamp: stamp.update(all.join()).digest("hex").slice(0, 12), files: all, pages: known };
}
