// Files dropped anywhere on the page, and how much of them has arrived. The form does all of its work without this.
const size = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

function begin(form) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const told = document.createElement("div");
  told.className = "arriving";
  told.setAttribute("role", "status");
  form.querySelector(".form-end").before(told);

  const over = (event, is) => {
    event.preventDefault();
    input.classList.toggle("over", is);
  };
  const main = document.getElementById("main");
  main.ondragover = (event) => over(event, true);
  main.ondragleave = (event) => over(event, false);
  main.ondrop = (event) => {
    over(event, false);
    if (event.dataTransfer.files.length > 0) input.files = event.dataTransfer.files;
    input.focus();
  };

  form.onsubmit = (event) => {
    event.preventDefault();
    const bar = document.createElement("progress");
    bar.max = 1;
    const words = document.createElement("span");
    told.replaceChildren(bar, words);
    button.disabled = true;
    const failed = () => {
      button.disabled = false;
      told.textContent = "The connection was lost. Send the same files again: what has arrived is not added twice.";
    };
    const sending = new XMLHttpRequest();
    sending.upload.onprogress = ({ loaded, total }) => {
      bar.value = loaded / total;
      words.textContent = loaded < total ? `${size(loaded)} of ${size(total)}` : "All sent. Your institution’s server takes it in.";
    };
    sending.onerror = failed;
    sending.onload = () => {
      const came = new DOMParser().parseFromString(sending.responseText, "text/html").getElementById("main");
      // Led elsewhere, it is done.
      if (new URL(sending.responseURL).pathname !== location.pathname) return location.assign(sending.responseURL);
      if (!came) return failed();
      main.replaceWith(document.adoptNode(came));
      const again = came.querySelector("form");
      if (again) begin(again);
      (came.querySelector("[aria-invalid]") ?? came).focus();
    };
    sending.open("POST", form.action);
    sending.setRequestHeader("accept", "text/html");
    sending.send(new FormData(form));
  };
}

const form = document.querySelector("form[enctype]");
if (form) begin(form);
