// What is used of it; the package brings no types.
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface Options {
    url: string;
    domNode: HTMLElement | null;
    deepLinking: boolean;
    defaultModelsExpandDepth: number;
    displayRequestDuration: boolean;
    validatorUrl: null;
    onComplete: () => void;
  }
  interface Shown {
    // `scheme`: one of the document's securitySchemes.
    preauthorizeApiKey(scheme: string, key: string): void;
  }
  export default function SwaggerUI(options: Options): Shown;
}
