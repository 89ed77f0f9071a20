// The pages of the API at /docs: Swagger UI, with nothing but this service behind it.
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import "./docs.css";

// As ../api.ts names it; importing that here would make a third script, which the dashboard would
// have to ask for as well.
const key = sessionStorage.getItem("orbweaver-key");

const ui = SwaggerUI({
  url: "/openapi.json",
  domNode: document.getElementById("docs"),
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null, // else it would show the document to a service of its makers
  onComplete: () => {
    if (key) ui.preauthorizeApiKey("apiKey", key);
  },
});
