// What was done to a mask, in order, so that it can be undone and done again.

export class MaskHistory {
  done = [];
  undone = [];

  add(change) {
    this.done.push(change);
    this.undone = [];
  }

  /** Takes the last change back; false where there is none. */
  undo() {
    if (!this.done.length) return false;
    this.undone.push(this.done.pop());
    return true;
  }

  /** Makes the change again that was taken back last; false where there is none. */
  redo() {
    if (!this.undone.length) return false;
    this.done.push(this.undone.pop());
    return true;
  }
}
