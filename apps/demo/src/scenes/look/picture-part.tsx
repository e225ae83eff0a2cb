import type { JSX } from 'preact';
import { Caption } from '../../parts/caption.tsx';
import { Segments } from '../../parts/segments.tsx';
import { centred } from './centre.ts';
import { FacePicture } from './face-picture.tsx';
import { Pad } from './pad.tsx';
import { blank } from './pen.ts';
import {
  anotherDigit,
  anotherFace,
  currentFace,
  digit,
  draw,
  drawing,
  failure,
  isDrawn,
  subject,
} from './state.ts';

export interface PicturePartProps {
  readonly erases: boolean;
  erase(on: boolean): void;
}

/** A digit to draw on, or a face. */
export const PicturePart = (props: PicturePartProps): JSX.Element => (
  <div class="picture">
    <Caption title={subject.value === 'digit' ? 'Draw here' : 'A synthetic face'}>
      <Segments
        label="Picture"
        choices={['digit', 'face']}
        value={subject.value}
        onChange={(choice) => {
          subject.value = choice;
        }}
      />
    </Caption>
    {subject.value === 'digit' ? <Digit {...props} /> : <Face />}
    {failure.value !== undefined && <p class="hint">{failure.value}</p>}
  </div>
);

const Digit = ({ erases, erase }: PicturePartProps): JSX.Element => (
  <>
    <Pad
      erases={erases}
      label={
        isDrawn.value
          ? 'What you have drawn.'
          : `A digit that comes with the page: ${digit.value.replace(/-/g, ' ')}.`
      }
    />
    <div class="row">
      <Segments
        label="Tool"
        choices={['pen', 'eraser']}
        value={erases ? 'eraser' : 'pen'}
        onChange={(tool) => erase(tool === 'eraser')}
      />
      <button type="button" class="button" onClick={() => draw(blank())}>
        Clear
      </button>
      <button type="button" class="button" onClick={() => draw(centred(drawing.value))}>
        Centre
      </button>
      <button type="button" class="button" onClick={anotherDigit}>
        Another digit
      </button>
    </div>
    <p class="hint">
      By keys: arrows move the pen, Space puts it down and up. Centre makes your digit as large as
      those it has learned from. This network of 64 units gets 1.5 % of MNIST’s test digits wrong,
      and 74 % with its memory empty.
    </p>
  </>
);

const Face = (): JSX.Element => (
  <>
    <FacePicture
      label={
        currentFace.value
          ? `A synthetic face. Its expression: ${currentFace.value.expression}.`
          : 'A synthetic face is being rendered.'
      }
    />
    <div class="row">
      <button type="button" class="button" onClick={anotherFace}>
        Another face
      </button>
      <span class="hint">It is: {currentFace.value?.expression ?? '…'}</span>
    </div>
    <p class="hint">
      Rendered from a parametric head, of somebody the network has never seen. It is small, 32
      units, and gets 28 % of such faces wrong; 71 % with its memory empty.
    </p>
  </>
);
