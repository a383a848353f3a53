// On the page of a work that was handed in: its takes leave the browser.

import { forgetTakes } from "./takes.js";

for (const { dataset } of document.querySelectorAll("[data-handed-in]")) forgetTakes(dataset.owner, dataset.handedIn);
