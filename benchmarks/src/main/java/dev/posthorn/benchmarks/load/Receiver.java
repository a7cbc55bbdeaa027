package dev.posthorn.benchmarks.load;

import dev.posthorn.benchmarks.child.Commands;
import dev.posthorn.benchmarks.child.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The receiver's process. What it does depends on the first part of a request's path:
 *
 * <ul>
 *   <li>{@code ok}: 200 at once
 *   <li>{@code api}: 201 at once, so that a generator can take it for a server
 *   <li>{@code flaky}: 200, 500 or nothing, as it is told
 *   <li>{@code paced}: 200 at once, and the moment is kept
 * </ul>
 *
 * <p>Usage: {@code Receiver <file for its progress>}; says its port first.
 */
public final class Receiver {
  private final Commands commands = Commands.listen();
  private final ReceiverLog log = new ReceiverLog();
  private final Progress progress;
  private final Selector selector = Selector.open();
  private final ServerSocketChannel listener = ServerSocketChannel.open();

  private Receiver(Progress progress) throws IOException {
    this.progress = progress;
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
  }

  public static void main(String[] args) throws IOException {
    new Receiver(Progress.at(Path.of(args[0]))).run();
  }

  private void run() throws IOException {
    Commands.answer(listener.socket().getLocalPort());
    while (true) {
      selector.select(20);
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isAcceptable()) {
          accept();
        } else {
          read(key);
        }
      }
      selector.selectedKeys().clear();
      progress.set(log.total());
      obey();
    }
  }

  private void obey() {
    ReceiverCommand command = commands.poll(ReceiverCommand.class);
    if (command != null) {
      Commands.answer(log.obey(command));
    }
  }

  private void accept() throws IOException {
    for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new ReceiverConnection(channel, log));
    }
  }

  private static void read(SelectionKey key) {
    try {
      if (!((ReceiverConnection) key.attachment()).read()) {
        key.channel().close();
      }
    } catch (IOException e) { // a sender that is killed resets its connections
      key.cancel();
      closeQuietly(key);
    }
  }

  private static void closeQuietly(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException ignored) {
      return; // it is gone already
    }
  }
}
