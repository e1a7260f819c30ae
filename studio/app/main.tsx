import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../ui/base.css";
import { App } from "./app.tsx";
import "./text.ts";

const place = document.getElementById("studio");
if (place === null) throw new Error("index.html has no place for Studio.");
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
