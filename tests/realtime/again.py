"""A client that comes again by itself: `python -m tests.realtime.again URL TOKEN TRANSPORT`."""

import sys

import socketio

url, token, transport = sys.argv[1:]
client = socketio.Client(reconnection_delay=0.2)


@client.on("connect", namespace="/ws/talk")
def come():
    client.emit("echo", {}, namespace="/ws/talk")


@client.on("*", namespace="/ws/talk")
def hear(event, frame):
    sys.stdout.write(f"{event} {frame.get('code', '')}\n")
    sys.stdout.flush()


client.connect(url, namespaces=["/ws/talk"], auth={"token": token, "talk_id": 2}, transports=[transport])
client.wait()
