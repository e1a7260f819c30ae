import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../ui/base.css";
import { isProblem } from "./api/problem.ts";
import { App } from "./app.tsx";
import "./text.ts";

// The server was upgraded under this window: what it loads now is another build's, and fits together again when loaded anew.
window.addEventListener("vite:preloadError", () => location.reload());

const place = document.getElementById("studio");
if (place === null) throw new Error("index.html has no place for Studio.");
createRoot(place, {
  // What the server refuses is told on the page: it is no fault of the program's.
  onCaughtError: (error) => isProblem(error) || console.error(error),
}).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
