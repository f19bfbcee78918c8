import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { offlineWorker } from "./offline.plugin.ts";

const server = `http://127.0.0.1:${process.env.CITYLOOP_PORT ?? "8000"}`;

export default defineConfig({
  plugins: [react(), offlineWorker({ resident: "/", work: "/work" })],
  resolve: { alias: { "@": "/src" } },
  build: {
    outDir: "../src/cityloop/pages/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["es2022", "chrome87", "safari14"],
    modulePreload: { polyfill: false },
    rollupOptions: { input: { resident: "resident.html", work: "work.html", office: "office.html" } },
  },
  // `npm run dev` beside a running city: what is not ours goes to the server
  server: {
    proxy: Object.fromEntries(
      ["/v1", "/tiles", "/evidence/", "/open311", "/health", "/cases", "/static", "/q"].map((path) => [path, server]),
    ),
  },
});
