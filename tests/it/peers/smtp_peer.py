"""A mail server that nobody here wrote: aiosmtpd. Prints its port, then every mail that it took as a line of JSON.

Whoever is written to decides what happens: refused@… is answered 550, later@… 451, drop@… breaks the connection off when
the mail comes. With --hang nobody is ever answered.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl
import tempfile

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

parser = argparse.ArgumentParser()
parser.add_argument("--tls", choices=["none", "starttls", "wrapped"], default="none")
parser.add_argument("--certificate")
parser.add_argument("--key")
parser.add_argument("--log-in", help="user:password")
parser.add_argument("--hang", action="store_true")
arguments = parser.parse_args()


def say(thing):
    print(json.dumps(thing), flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "refused":
            return f"550 5.1.1 <{address}> is unknown"
        if name == "later":
            return f"451 4.2.0 <{address}> is busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(address.startswith("drop@") for address in envelope.rcpt_tos):
            server.transport.abort()
            return "250 OK"
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say(
            {
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "subject": mail["subject"],
                "headers": {name.lower(): str(value) for name, value in mail.items()},
                "text": mail.get_content(),
                "defects": [type(defect).__name__ for defect in mail.defects],
                "raw": envelope.content.decode("ascii", "replace"),
                "tls": session.ssl is not None or arguments.tls == "wrapped",
                "user": session.auth_data.decode() if session.auth_data else None,
            }
        )
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    is_right = isinstance(data, LoginPassword) and f"{data.login.decode()}:{data.password.decode()}" == arguments.log_in
    return AuthResult(success=is_right, handled=False, auth_data=data.login if is_right else None)


async def hang(reader, writer):
    await reader.read()


async def main():
    context = None
    if arguments.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with open(arguments.certificate, "rb") as der, tempfile.NamedTemporaryFile("w") as pem:
            pem.write(ssl.DER_cert_to_PEM_cert(der.read()))
            pem.flush()
            context.load_cert_chain(pem.name, arguments.key)

    def protocol():
        return SMTP(
            Handler(),
            tls_context=context if arguments.tls == "starttls" else None,
            require_starttls=arguments.tls == "starttls",
            authenticator=authenticate if arguments.log_in else None,
            auth_required=bool(arguments.log_in),
            auth_require_tls=False,
        )

    if arguments.hang:
        server = await asyncio.start_server(hang, "127.0.0.1", 0)
    else:
        wrap = context if arguments.tls == "wrapped" else None
        server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=wrap)
    say(server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
