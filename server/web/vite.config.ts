import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    // Two pages, each with one script and one style sheet: nothing to preload, nothing inlined, as
    // the policies of the pages (server/api/assets.cpp) allow neither.
    rollupOptions: { input: ["index.html", "docs.html"] },
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
  // `npm run dev` beside a service that runs on its default address.
  server: {
    proxy: { "/v1": "http://127.0.0.1:8080", "/openapi.json": "http://127.0.0.1:8080" },
  },
});
