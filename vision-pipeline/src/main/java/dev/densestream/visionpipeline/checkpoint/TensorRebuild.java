package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.checkpoint.Pickled.Name;
import dev.densestream.visionpipeline.checkpoint.Pickled.Sequence;
import dev.densestream.visionpipeline.checkpoint.Pickled.Storage;
import dev.densestream.visionpipeline.checkpoint.Pickled.Table;
import dev.densestream.visionpipeline.checkpoint.Pickled.Text;
import dev.densestream.visionpipeline.checkpoint.Pickled.View;
import dev.densestream.visionpipeline.checkpoint.Pickled.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the few callables of a file of tensors make of their arguments. */
final class TensorRebuild {
  private static final int MOST_DIMENSIONS = 16;

  private final Function<String, CheckpointException> wrong;

  TensorRebuild(Function<String, CheckpointException> wrong) {
    this.wrong = wrong;
  }

  /** A persistent id: {@code ("storage", class, key, device, elements)}. */
  Storage storage(Pickled id) {
    if (id instanceof Sequence(List<Pickled> parts)
        && parts.size() == 5
        && parts.get(0) instanceof Text(String kind)
        && kind.equals("storage")
        && parts.get(1) instanceof Name type
        && type.storage().isPresent()
        && parts.get(2) instanceof Text(String key)
        && parts.get(4) instanceof Whole(long elements)
        && elements >= 0) {
      return new Storage(type.storage().get(), key, elements);
    }
    throw wrong.apply("refers to something that is no storage");
  }

  Pickled call(Name name, List<Pickled> arguments) {
    return switch (name) {
      case ORDERED_DICT -> {
        require(arguments.isEmpty(), "makes a dictionary from arguments");
        yield Table.empty();
      }
      case REBUILD_TENSOR -> tensor(arguments);
      case REBUILD_PARAMETER -> {
        require(
            arguments.size() == 3 && arguments.getFirst() instanceof View,
            "makes a parameter of what is no tensor");
        yield arguments.getFirst();
      }
      default -> throw wrong.apply("calls " + name.kind());
    };
  }

  /** Storage, offset, shape, strides, and two or three things of training. */
  private View tensor(List<Pickled> arguments) {
    if (arguments.size() < 6
        || arguments.size() > 7
        || !(arguments.get(0) instanceof Storage storage)
        || !(arguments.get(1) instanceof Whole(long offset))) {
      throw wrong.apply("makes a tensor of what is no storage and offset");
    }
    List<Long> shape = wholes(arguments.get(2));
    List<Long> strides = wholes(arguments.get(3));
    require(shape.size() == strides.size(), "has a tensor with more strides than dimensions");
    View view = new View(storage, offset, shape, strides);
    requireInside(view);
    return view;
  }

  private List<Long> wholes(Pickled sequence) {
    List<Long> numbers = new ArrayList<>();
    if (sequence instanceof Sequence(List<Pickled> items) && items.size() <= MOST_DIMENSIONS) {
      for (Pickled item : items) {
        if (item instanceof Whole(long number) && number >= 0) {
          numbers.add(number);
        } else {
          throw wrong.apply("has a tensor with a dimension that is no size");
        }
      }
      return numbers;
    }
    throw wrong.apply("has a tensor with dimensions that are none");
  }

  /** Every element lies in the storage, and there are not more of them than it has. */
  private void requireInside(View view) {
    long count = 1;
    long last = view.offset();
    try {
      for (int axis = 0; axis < view.shape().size(); axis++) {
        long size = view.shape().get(axis);
        count = Math.multiplyExact(count, size);
        long reach = Math.multiplyExact(Math.max(size - 1, 0), view.strides().get(axis));
        last = Math.addExact(last, reach);
      }
    } catch (ArithmeticException _) {
      throw wrong.apply("has a tensor of shape " + view.shape() + ", which no file can hold");
    }
    long elements = view.storage().elements();
    boolean inside =
        view.offset() >= 0
            && (count == 0 ? view.offset() <= elements : last < elements && count <= elements);
    require(
        inside,
        "has a tensor of shape "
            + view.shape()
            + " that reaches beyond its storage of "
            + elements
            + " elements");
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw wrong.apply(message);
    }
  }
}
