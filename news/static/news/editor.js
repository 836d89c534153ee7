// The editor writes a style element into the page unless it finds one with this mark; our content
// policy refuses that. An element of the same name from no namespace of CSS's is mark enough. The
// rules themselves are in editor.css.
const mark = document.createElementNS("urn:dpforum:mark", "style");
mark.setAttribute("data-tiptap-style", "");
document.head.append(mark);
