import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    // One script, one style sheet: nothing to preload, nothing inlined, as the policy of the page
    // (server/api/assets.cpp) allows neither.
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
  },
  // `npm run dev` beside a service that runs on its default address.
  server: { proxy: { "/v1": "http://127.0.0.1:8080" } },
});
