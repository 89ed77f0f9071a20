import { render } from "preact";
import { App } from "./app";
import "./style/base.css";
import "./style/controls.css";
import "./style/pages.css";
import "./style/charts.css";
import "./style/print.css";

const root = document.getElementById("app");
if (root) render(<App />, root);
