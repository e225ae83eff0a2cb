/** Registers the gradients of all tfjs ops; importing it is the whole of its use. */
import './generated/gradients.ts';
