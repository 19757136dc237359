// Matrix clients on matrix-js-sdk and its Rust cryptography, in the mode "exclude insecure devices": one for each connection.
// Reads orders and writes answers and events, one JSON object a line. tests/synapse/modern.py is the other end.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import * as sdk from "matrix-js-sdk";
import {
    AllDevicesIsolationMode, EventShieldColour, EventShieldReason, OnlySignedDevicesIsolationMode,
} from "matrix-js-sdk/lib/crypto-api/index.js";

// matrix-js-sdk 43 is written for Node 22; this is what it misses in the Node 20 of Debian 13.
Promise.withResolvers ??= function withResolvers() {
    const made = {};
    made.promise = new this((resolve, reject) => Object.assign(made, { resolve, reject }));
    return made;
};

for (const level of ["log", "info", "debug", "warn", "trace"]) console[level] = () => {};
const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error: (...words) => console.error(...words) };
quiet.getChild = () => quiet;

async function serve(line) {
    const tell = (words) => line.writable && line.write(JSON.stringify(words) + "\n");
    line.on("error", () => {}); // it may be let go of while something is on its way
    let client;

    async function login({ url, user, password, device, identity, strict }) {
        const auth = { type: "m.login.password", identifier: { type: "m.id.user", user }, password };
        const found = await sdk.createClient({ baseUrl: url, logger: quiet })
            .loginRequest({ ...auth, initial_device_display_name: device });
        client = sdk.createClient({
            baseUrl: url, userId: found.user_id, deviceId: found.device_id, accessToken: found.access_token,
            logger: quiet, timelineSupport: false,
        });
        await client.initRustCrypto({ useIndexedDB: false });
        const crypto = client.getCrypto();
        crypto.setDeviceIsolationMode(strict ? new OnlySignedDevicesIsolationMode() : new AllDevicesIsolationMode());
        listen();
        await client.startClient({ initialSyncLimit: 100, pollTimeout: 10000 });
        await new Promise((ready) => client.on("sync", (state) => state === "PREPARED" && ready()));
        if (identity) {
            await crypto.bootstrapCrossSigning({
                setupNewCrossSigning: true,
                authUploadDeviceSigningKeys: (upload) =>
                    upload(null).catch((refused) => upload({ ...auth, session: refused.data.session })),
            });
        }
        return { device: found.device_id, token: found.access_token };
    }

    function listen() {
        client.on("event", shown);
        client.on("Event.decrypted", shown);
        client.on("Room.myMembership", (room, membership) =>
            tell({ membership, room: room.roomId, by: room.getMember(client.getUserId())?.events.member?.getSender() ?? "" }));
        client.on("Room.receipt", (event, room) => {
            for (const [id, kinds] of Object.entries(event.getContent()))
                for (const who of Object.keys(kinds["m.read"] ?? {})) tell({ read: id, who });
        });
        client.on("RoomMember.typing", (event) => tell({ typing: event.getContent().user_ids }));
    }

    let last = Promise.resolve(); // one after the other, in the order in which they came
    function shown(event) {
        last = last.then(() => show(event)).catch((problem) => console.error(problem));
    }

    async function show(event) {
        if (!event.getRoomId() || !event.getId()) return;
        if (event.isBeingDecrypted()) return; // it comes again, decrypted or not
        const failed = event.isDecryptionFailure();
        const clear = event.isEncrypted() && !failed ? event.getEffectiveEvent() : event.event;
        const relation = event.getWireContent()["m.relates_to"];
        const content = relation ? { "m.relates_to": relation, ...clear.content } : clear.content;
        const told = {
            event: { ...clear, event_id: event.getId(), sender: event.getSender(), content, redacts: event.event.redacts },
            room: event.getRoomId(), encrypted: event.isEncrypted(), shield: "",
        };
        if (failed) {
            told.event.type = "m.room.encrypted";
            told.shield = event.decryptionFailureReason;
        } else if (event.isEncrypted()) {
            const seen = await client.getCrypto().getEncryptionInfoForEvent(event);
            if (seen && seen.shieldColour !== EventShieldColour.NONE) told.shield = EventShieldReason[seen.shieldReason];
        } else if (event.getType() === "m.room.message" && client.getRoom(told.room)?.hasEncryptionStateEvent()) {
            told.shield = "SENT_IN_CLEAR";
        }
        tell(told);
    }

    const orders = {
        login,
        send: async ({ room, type, content }) => (await client.sendEvent(room, type, content)).event_id,
        async sees({ user }) {
            const crypto = client.getCrypto();
            const devices = (await crypto.getUserDeviceInfo([user], true)).get(user) ?? new Map();
            const signed = {};
            for (const device of devices.keys())
                signed[device] = (await crypto.getDeviceVerificationStatus(user, device)).signedByOwner;
            const status = await crypto.getUserVerificationStatus(user);
            return { devices: signed, needs_approval: status.needsUserApproval, verified: status.isCrossSigningVerified() };
        },
        approve: async ({ user }) => client.getCrypto().pinCurrentUserIdentity(user),
        version: async () => client.getCrypto().getVersion(),
    };

    for await (const said of createInterface({ input: line })) {
        const { id, order, ...rest } = JSON.parse(said);
        orders[order](rest).then(
            (answer) => tell({ id, answer: answer ?? null }),
            (problem) => tell({ id, problem: String(problem?.stack ?? problem), status: problem?.httpStatus ?? 0 }),
        );
    }
    client?.stopClient(); // whoever drove it has let go of it
}

createServer(serve).listen({ fd: Number(process.argv[2]) });
process.stdin.on("end", () => process.exit(0)).resume(); // whoever started us is gone
