// A form that was sent and answered: what this browser kept of it is no longer needed.
try {
  const key = sessionStorage.getItem("draft:sent");
  if (key && document.querySelector(".strip-done, .strip[role='alert']")) {
    localStorage.removeItem(key);
    sessionStorage.removeItem("draft:sent");
  }
} catch {
  // Nothing can be kept here, so nothing is.
}
