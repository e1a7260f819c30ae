import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compression } from "vite-plugin-compression2";

/** `npm run studio` serves it with reload beside a server that runs; the server itself shows what is built in dist. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compression({ algorithms: ["gzip", "brotliCompress"] })],
  build: { outDir: "dist", emptyOutDir: true, target: "es2024", modulePreload: { polyfill: false } },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/api", "/session", "/sign-in/start", "/sign-in/callback", "/openapi.json", "/docs"].map((path) => [
        path,
        // The server takes what changes something from pages of its own address alone.
        { target: process.env.CONNECTSOFT_URL ?? "http://127.0.0.1:4180", changeOrigin: false },
      ]),
    ),
  },
});
