// The texts of the page in the reader's language, and addresses of the server, from a block of data in the page.
export const words = JSON.parse(document.querySelector("#words").textContent);

/** Returns an address of the server with parameters; it may have some already, such as the language. */
export function addressWith(address, parameters) {
  return `${address}${address.includes("?") ? "&" : "?"}${new URLSearchParams(parameters)}`;
}
