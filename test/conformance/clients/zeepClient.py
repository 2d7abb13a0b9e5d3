"""zeep, strict, with the WSDL of the Metadata API 63.0 that simple-salesforce brings along.

Reads a call as JSON from the file that the first argument names, and prints the answer as JSON. A fault or an answer that
does not fit the WSDL ends it with 1 and the reason on stderr.
"""

import base64
import json
import sys
import time
from pathlib import Path

import simple_salesforce
import zeep
from zeep.helpers import serialize_object

BINDING = "{http://soap.sforce.com/2006/04/metadata}MetadataBinding"
DEPLOY_OPTIONS = {
    "allowMissingFiles": False,
    "autoUpdatePackage": False,
    "ignoreWarnings": False,
    "performRetrieve": False,
    "purgeOnDelete": False,
    "rollbackOnError": True,
    "singlePackage": True,
    "testLevel": "NoTestRun",
}


class Metadata:
    def __init__(self, endpoint, session_id):
        wsdl = Path(simple_salesforce.__file__).parent / "metadata.wsdl"
        client = zeep.Client(wsdl.as_uri(), settings=zeep.Settings(strict=True))
        self._service = client.create_service(BINDING, endpoint)
        self._header = client.get_element("ns0:SessionHeader")(sessionId=session_id)

    def _ask(self, operation, *arguments):
        answer = serialize_object(self._service[operation](*arguments, _soapheaders=[self._header]), dict)
        # zeep wraps the answer of an operation that may answer with headers.
        return answer["body"]["result"] if isinstance(answer, dict) and "body" in answer else answer

    def list(self, type, version):
        return self._ask("listMetadata", [{"type": type}], version)

    def describe(self, version):
        return self._ask("describeMetadata", version)

    def read(self, type, fullNames):
        return self._ask("readMetadata", type, fullNames)

    def retrieve(self, types, version):
        unpackaged = {"types": types, "version": version}
        job = self._ask("retrieve", {"apiVersion": version, "singlePackage": True, "unpackaged": unpackaged})
        while True:
            answer = self._ask("checkRetrieveStatus", job["id"], True)
            if answer["done"]:
                return answer
            time.sleep(0.05)

    def start(self, zip, checkOnly):
        options = {**DEPLOY_OPTIONS, "checkOnly": checkOnly}
        return self._ask("deploy", base64.b64decode(zip), options)

    def report(self, id):
        return self._ask("checkDeployStatus", id, True)

    def wait(self, id):
        statuses = []
        while True:
            answer = self.report(id)
            statuses.append(answer["status"])
            if answer["done"]:
                return {**answer, "statuses": statuses}
            time.sleep(0.05)

    def cancel(self, id):
        self._ask("cancelDeploy", id)
        return self.wait(id)


def in_json(value):
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def main(file):
    call = json.loads(Path(file).read_text(encoding="utf-8"))
    metadata = Metadata(call["endpoint"], call["sessionId"])
    answer = getattr(metadata, call["operation"])(**call["arguments"])
    print(json.dumps({"answer": answer}, default=in_json))


try:
    main(sys.argv[1])
except Exception as error:
    code = getattr(error, "code", None)
    sys.exit(f"{type(error).__name__}: {code or ''} {error}")
