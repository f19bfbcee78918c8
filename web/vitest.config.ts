import { defineConfig, mergeConfig } from "vitest/config";
import pages from "./vite.config"; // apart, since a build goes without the tools of the tests

export default mergeConfig(pages, defineConfig({ test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"] } }));
